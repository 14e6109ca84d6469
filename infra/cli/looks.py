"""How things are written for people: words, moments, money, colours; the same on every screen and page."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

WIDEST = 120
"""Lines longer than this are hard to read, however wide the terminal is."""
GOOD, OPEN, WAITING, CLOSED, BAD = "green", "cyan", "yellow", "magenta", "red"
COLOURS: Mapping[str, str] = {
    **dict.fromkeys(("appointment_set", "qualified_hot", "qualified", "running", "allow"), GOOD),
    **dict.fromkeys(("qualified_nurture", "callback_scheduled", "in_call", "claimed", "scheduled"), OPEN),
    **dict.fromkeys(("no_answer", "busy", "voicemail", "hung_up_early", "screened", "deferred", "defer"), WAITING),
    **dict.fromkeys(("mailbox_full", "ivr", "paused", "unreachable", "exhausted"), WAITING),
    **dict.fromkeys(("opted_out", "wrong_number", "bad_number", "not_interested", "has_agent", "fax"), CLOSED),
    **dict.fromkeys(("not_qualified", "language_barrier", "denied", "invalid", "blocked"), CLOSED),
    **dict.fromkeys(("failed_technical", "deny"), BAD),
}
ACTIONS: Mapping[str, str] = {"suppress": "never call again", "stop": "no further call"}
COMPONENTS: Mapping[str, str] = {
    "carrier_voice": "voice",
    "media_stream": "stream",
    "machine_detection": "machine detection",
    "speech_to_text": "hearing",
    "text_to_speech": "speaking",
}
TURN = re.compile(r" \(turn \d+\)")


def words(name: str) -> str:
    """``appointment_set`` as a person would write it."""
    return name.replace("_", " ")


def action(name: str) -> str:
    """A next action in words."""
    return ACTIONS.get(name, words(name))


def component(name: str) -> str:
    """What a cost line pays for, in words."""
    return COMPONENTS.get(name, words(name))


def coloured(name: str, style: str = "") -> Text:
    """A disposition, status or verdict in its colour."""
    return Text(words(name), style=f"{COLOURS.get(name, '')} {style}".strip())


def moment(at: datetime, zone: str = "UTC") -> str:
    """A moment on the clock of ``zone`` (IANA), such as ``Friday, November 27, 09:00 EST``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A, %B} {local.day}, {local:%H:%M %Z}"


def plain_reason(why: str) -> str:
    """A score's reason without the turns it rests on."""
    return words(TURN.sub("", why))


def shown(value: object, pattern: str = "{}") -> str:
    """The value by its pattern; a dash where there is none."""
    return "–" if value is None else pattern.format(value)


def counted(number: int, noun: str) -> str:
    """``1 lead``, ``2 leads``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def width_of(console: Console) -> int:
    """How wide to write."""
    return min(console.width, WIDEST)


class Flow:
    """Parts of a list, as many in each line as fit: a part is never torn unless it is wider than the line."""

    def __init__(self, parts: Iterable[str], *, style: str = "", separator: str = ", ") -> None:
        self._parts = [part for part in parts if part]
        self._style = style
        self._separator = separator

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Anything from a word to all in one line."""
        longest = max((len(part) for part in self._parts), default=0)
        whole = len(self._separator.join(self._parts))
        return Measurement(min(longest, options.max_width), min(whole, options.max_width))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines."""
        line = ""
        for number, part in enumerate(self._parts):
            piece = part if number == len(self._parts) - 1 else part + self._separator.rstrip()
            if line and len(line) + 1 + len(piece) > options.max_width:
                yield Text(line, style=self._style)
                line = ""
            line = f"{line} {piece}" if line else piece
        yield Text(line, style=self._style)
