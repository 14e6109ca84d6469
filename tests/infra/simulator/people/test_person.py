"""A person speaks when the line is silent, and not before."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

from infra.simulator.line import NoPickUp, PickUp, Ring
from infra.simulator.people.machines import SCREENING_PROMPT
from infra.simulator.people.person import Person
from infra.simulator.people.persona import Persona, Voice, load_personas
from infra.simulator.people.record import Diary
from infra.simulator.people.words import Words

SHIPPED = Path(__file__).parents[4] / "infra" / "simulator" / "personas"
SILENCE, SPEECH = b"\xff" * 160, bytes([0x10, 0x90]) * 80
RING = Ring(call_sid="CA1", from_number="+15125550000", to_number="+15125550101")


class Entry:
    """One line of the live feed."""

    def __init__(self, text: str, *, speaker: str = "agent", kind: str = "spoken") -> None:
        self.call_sid, self.speaker, self.kind, self.text = "CA1", speaker, kind, text


class ScriptedLine:
    """A line that plays frames as fast as they are read and plays a mouth's audio 20 ms per frame."""

    call_sid = "CA1"

    def __init__(self, *frames: tuple[bytes, int], words: Words, says: dict[int, str] | None = None) -> None:
        self._frames = deque(frame for frame, count in frames for _ in range(count))
        self._words, self._says, self.count = words, says or {}, 0
        self.mouth = 0
        self.hung_up = False
        self.spoke_at: list[int] = []

    async def hear(self) -> bytes | None:
        if self.count in self._says:
            await self._words.follow(feed(Entry(self._says[self.count])))
        self.count += 1
        self.mouth = max(0, self.mouth - 160)
        await asyncio.sleep(0)
        return None if self.hung_up or not self._frames else self._frames.popleft()

    def speak(self, audio: bytes) -> None:
        self.spoke_at.append(self.count)
        self.mouth += len(audio)

    def fall_silent(self) -> None:
        self.mouth = 0

    def is_speaking(self) -> bool:
        return self.mouth > 0

    def press(self, digit: str) -> None:
        raise AssertionError(f"nobody asked to press {digit}")

    def hang_up(self) -> None:
        self.hung_up = True


async def feed(*entries: Entry) -> AsyncIterator[Entry]:
    for entry in entries:
        yield entry


async def tone(text: str, voice: Voice) -> bytes:
    return SPEECH * len(text.split())


def somebody(name: str, words: Words, diary: Diary, *, was_rung: bool = True) -> Person:
    persona: Persona = next(one for one in load_personas(SHIPPED) if one.name == name)
    return Person(persona=persona, words=words, speak=tone, diary=diary, rung={"CA1"} if was_rung else set())


async def test_speaks_only_once_the_line_has_fallen_silent() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SPEECH, 200), (SILENCE, 200), words=words, says={150: "Is this Maria?"})

    await somebody("Maria Lopez", words, diary).talk(line)

    greeting, answer = line.spoke_at[:2]
    assert greeting == 40
    assert answer >= 200 + 50
    assert [said.text for said in diary.calls[0].lines][:2] == ["hello", "yes this is maria"]


async def test_wonders_aloud_when_nothing_comes() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 700), words=words)

    await somebody("Maria Lopez", words, diary).talk(line)

    assert [said.text for said in diary.calls[0].lines] == ["hello", "hello"]


async def test_the_callers_own_words_are_not_taken_for_the_agents() -> None:
    words = Words()
    await words.follow(feed(Entry("yes", speaker="caller"), Entry("he", kind="interim"), Entry("Hello.")))

    assert words.since("CA1", 0) == ("Hello.",)


async def test_hangs_up_on_the_second_line_when_that_is_their_temper() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 900), words=words, says={30: "This is a sales call."})

    await somebody("Brian Lee", words, diary).talk(line)

    assert line.hung_up


async def test_a_voicemail_box_greets_beeps_and_listens() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 3000), words=words)

    await somebody("Nancy King", words, diary).talk(line)

    assert len(line.spoke_at) == 2
    assert diary.calls[0].ended > 20


async def test_a_voicemail_box_records_what_is_said_after_its_beep() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 600), (SPEECH, 150), (SILENCE, 900), words=words)

    await somebody("Nancy King", words, diary).talk(line)

    assert 2.9 < diary.calls[0].recorded < 3.1


async def test_a_full_mailbox_says_so_and_hangs_up() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 900), words=words)

    await somebody("Victor Ramos", words, diary).talk(line)

    assert (len(line.spoke_at), line.hung_up) == (1, True)


async def test_a_menu_is_said_a_few_times() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 3000), words=words)

    await somebody("Walter Brooks", words, diary).talk(line)

    assert (len(line.spoke_at), line.hung_up) == (3, True)


async def test_a_fax_answers_with_its_tone_and_says_nothing() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SILENCE, 3000), words=words)

    await somebody("Yvonne Fisher", words, diary).talk(line)

    assert (len(line.spoke_at), diary.calls[0].lines) == (1, [])


async def test_who_calls_waits_to_be_greeted() -> None:
    words, diary = Words(), Diary()
    line = ScriptedLine((SPEECH, 200), (SILENCE, 200), words=words, says={150: "Is this Maria?"})

    await somebody("Maria Lopez", words, diary, was_rung=False).talk(line)

    assert [said.text for said in diary.calls[0].lines] == ["yes this is maria"]


async def test_screening_connects_nobody_who_does_not_say_why() -> None:
    words, diary = Words(), Diary()
    said = {10: "This is Ava, an AI assistant calling for Lakeside Realty about your home.", 700: "Hello?"}
    line = ScriptedLine((SILENCE, 3000), words=words, says=said)

    await somebody("Anna Reed", words, diary).talk(line)

    assert [one.text for one in diary.calls[0].lines] == [SCREENING_PROMPT]


async def test_screening_puts_through_a_caller_who_says_who_and_why() -> None:
    words, diary = Words(), Diary()
    said = {900: "This is Ava, an AI assistant calling for Lakeside Realty about your home."}
    line = ScriptedLine((SILENCE, 1900), words=words, says=said)

    await somebody("Anna Reed", words, diary).talk(line)

    assert "hi anna speaking" in [one.text for one in diary.calls[0].lines]


async def test_each_telephone_does_what_its_persona_says() -> None:
    words, diary = Words(), Diary()

    async def rings(name: str) -> PickUp | NoPickUp:
        return await somebody(name, words, diary).ring(RING)

    assert await rings("Carol Wright") == NoPickUp(result="busy")
    assert isinstance(await rings("Paul Young"), NoPickUp)
    assert (await rings("Nancy King")) == PickUp(
        after_seconds=4.0, answered_by="machine_start", decided_after_seconds=4.0
    )
    assert await rings("Maria Lopez") == PickUp(after_seconds=1.5, answered_by="human", decided_after_seconds=3.0)
    assert await rings("George Adams") == PickUp(
        after_seconds=1.5, answered_by="machine_start", decided_after_seconds=26.0
    )
    assert (await rings("Yvonne Fisher")) == PickUp(after_seconds=1.5, answered_by="fax", decided_after_seconds=8.0)
