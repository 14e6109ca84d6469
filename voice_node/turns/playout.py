"""What the agent has said, what is on its way to the ear, and how much of it was heard."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from voice_node.turns.word_times import WordEnd, heard_until, word_ends

UNNOTICED_SECONDS = 0.5
"""Speech that is cut short this soon has not been taken in by anybody."""
UNHEARD_REST_SECONDS = 0.05
"""With less than this to play, the last word is out."""
MARK_PATIENCE_SECONDS = 4.0
"""How long after the expected end of speech its mark may come back."""


@dataclass(eq=False, kw_only=True)
class Utterance:
    """A stretch of the agent's speech. Times are seconds since the stream began.

    ``turn`` groups what was decided at once. ``is_protected`` speech is never cut short. ``decided_at`` is when the
    caller's turn that it answers had ended, if it answers one. ``sent_at`` is when its first audio was written to the
    socket, ``started_at`` when that is played. ``total_seconds`` is how long it takes and ``word_ends`` where its
    words end, once that is known; ``heard_seconds`` is where the last heard word ends in it. What is ``is_tentative``
    may yet not be said at all. ``continued_by`` says what was not heard of it.
    """

    number: int
    turn: int
    text: str
    is_protected: bool = False
    decided_at: float | None = None
    sent_at: float | None = None
    started_at: float | None = None
    sent_seconds: float = 0.0
    all_sent: bool = False
    ended_at: float | None = None
    heard: str = ""
    is_tentative: bool = False
    total_seconds: float | None = None
    word_ends: Sequence[WordEnd] = ()
    heard_seconds: float = 0.0
    continued_by: "Utterance | None" = None

    @property
    def unheard(self) -> str:
        """The words that were not heard."""
        return self.text[len(self.heard) :].strip()

    @property
    def went_unnoticed(self) -> bool:
        """Whether it was cut before the caller could take any of it in."""
        if self.continued_by is not None:
            return not self.heard and self.continued_by.went_unnoticed
        if self.ended_at is None or not self.was_interrupted:
            return False
        return self.started_at is None or self.ended_at - self.started_at < UNNOTICED_SECONDS

    @property
    def was_interrupted(self) -> bool:
        """Whether it is over without having been heard to its end."""
        return self.ended_at is not None and self.heard != self.text


def all_unnoticed(utterances: list[Utterance]) -> bool:
    """Whether the caller took the floor back before they could take in any of these, of which there are some."""
    return bool(utterances) and all(utterance.went_unnoticed for utterance in utterances)


@dataclass(kw_only=True)
class PlayoutListeners:
    """Who is told when an utterance starts to leave, and when it is over (heard or cut)."""

    started: list[Callable[[Utterance], None]] = field(default_factory=list)
    over: list[Callable[[Utterance], None]] = field(default_factory=list)


class Playout:
    """The ledger of utterances between their decision and the caller's ear.

    ``now`` gives seconds since the stream began; ``more_comes`` is set while words of the present answer are still
    being found, which may be cut short. An utterance is heard when the carrier returns its mark; a mark that
    comes back after a clear proves nothing and is ignored.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._open: dict[int, Utterance] = {}
        self._count = 0
        self._current: Utterance | None = None
        self._announced_at = 0.0
        self.more_comes = False
        self.line_free_at = 0.0
        self.quiet_since = 0.0
        self.listeners = PlayoutListeners()

    def add(
        self,
        text: str,
        *,
        turn: int,
        is_protected: bool = False,
        decided_at: float | None = None,
    ) -> Utterance:
        """Announce speech that will be sent."""
        utterance = self.draft(text)
        self.confirm(utterance, turn=turn, is_protected=is_protected, decided_at=decided_at)
        return utterance

    def draft(self, text: str, *, turn: int = 0) -> Utterance:
        """Speech that may be sent, if it is confirmed; the ledger knows nothing of it until then."""
        self._count += 1
        return Utterance(number=self._count, turn=turn, text=text, is_tentative=True)

    def confirm(
        self, utterance: Utterance, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> None:
        """A draft will be sent."""
        utterance.turn, utterance.is_protected, utterance.decided_at = turn, is_protected, decided_at
        utterance.is_tentative = False
        self._open[utterance.number] = utterance
        self._announced_at = self._now()

    def continued(self, utterance: Utterance) -> Utterance:
        """What was not heard of an utterance that was cut short will be sent after all."""
        utterance.continued_by = self.add(utterance.unheard, turn=utterance.turn)
        return utterance.continued_by

    def begin(self, utterance: Utterance) -> None:
        """The audio sent from now on belongs to this utterance."""
        self._current = utterance

    def sent(self, seconds: float) -> float:
        """So much audio was written to the line; returns when its first sample is played."""
        now = self._now()
        starts = max(now, self.line_free_at)
        self.line_free_at = starts + seconds
        utterance = self._current
        if utterance is not None and utterance.number in self._open:
            if utterance.started_at is None:
                utterance.sent_at, utterance.started_at = now, starts
                for listener in self.listeners.started:
                    listener(utterance)
            utterance.sent_seconds += seconds
        return starts

    def finish(self, utterance: Utterance) -> str:
        """All audio of the utterance was written; returns the name of the mark to send behind it."""
        utterance.all_sent = True
        self._current = None
        return f"u{utterance.number}"

    def marked(self, name: str) -> None:
        """The carrier returned a mark: the utterance was heard, unless it had been cut before."""
        utterance = self._open.get(int(name[1:])) if name[:1] == "u" and name[1:].isdigit() else None
        if utterance is not None and utterance.all_sent:
            utterance.heard = utterance.text
            self._close(utterance)

    def clear(self) -> None:
        """An interruption is on its way to the line: everything not heard by now is cut."""
        self.cut(list(self._open.values()))

    def cut(self, utterances: list[Utterance]) -> None:
        """These are not heard beyond what was heard by now."""
        now = self._now()
        self._current = None
        for utterance in utterances:
            if utterance.number in self._open:
                _hear_until(utterance, now)
                self._close(utterance)

    def line_cleared(self) -> float:
        """The line was told to drop what it holds; returns when that was."""
        self.line_free_at = min(self._now(), self.line_free_at)
        return self.line_free_at

    @property
    def ahead_seconds(self) -> float:
        """How much of what was sent is still to be played."""
        return max(self.line_free_at - self._now(), 0.0)

    @property
    def is_silent(self) -> bool:
        """Whether nothing is queued, being sent, or still playing."""
        return not self._open

    @property
    def announced_words(self) -> int:
        """How many words are to be said, or are being said."""
        return sum(len(utterance.text.split()) for utterance in self._open.values())

    @property
    def is_protected(self) -> bool:
        """Whether something that must not be cut short is queued or playing."""
        return any(utterance.is_protected for utterance in self._open.values())

    def overdue_in(self) -> float:
        """Seconds until the carrier should have returned a mark; infinite while nothing is open."""
        if not self._open:
            return math.inf
        return max(self.line_free_at, self._announced_at) + MARK_PATIENCE_SECONDS - self._now()

    def give_up(self) -> None:
        """The marks of what is open will not come: what was sent counts as heard, by the clock."""
        self.clear()

    def _close(self, utterance: Utterance) -> None:
        utterance.ended_at = self._now()
        del self._open[utterance.number]
        for listener in self.listeners.over:
            listener(utterance)
        if not self._open:
            self.quiet_since = utterance.ended_at


def _hear_until(utterance: Utterance, now: float) -> None:
    """Note the words that were out by ``now``, judged by how much of the audio had been played."""
    if utterance.started_at is None:
        return
    total = utterance.total_seconds or (utterance.sent_seconds if utterance.all_sent else None)
    played = min(now - utterance.started_at, utterance.sent_seconds)
    if total is not None and played >= total - UNHEARD_REST_SECONDS:
        utterance.heard, utterance.heard_seconds = utterance.text, total
        return
    ends = utterance.word_ends or word_ends(utterance.text, total)
    utterance.heard, utterance.heard_seconds = heard_until(utterance.text, ends, played)
