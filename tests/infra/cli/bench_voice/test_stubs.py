"""The stub models: they recognise what was recorded and nothing else, and take the time they are told to."""

import itertools

import pytest

from infra.cli.bench_voice.corpus import Take, load, record
from infra.cli.bench_voice.delays import NONE, Delays
from infra.cli.bench_voice.people import Person
from infra.cli.bench_voice.replies import REPLIES
from infra.cli.bench_voice.stubs import StubModels, Transcripts
from shared.kernel.errors import Unavailable
from voice_node.speech.mulaw import from_mulaw


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Take]:
    file = tmp_path_factory.mktemp("corpus") / "corpus.json"
    record(file)
    return list(load(file))


def models(takes: list[Take], **changes: bool) -> StubModels:
    return StubModels(Transcripts(takes), NONE, seed=0, **changes)


async def test_a_take_is_recognised_as_it_is_spoken(takes: list[Take]) -> None:
    take = next(each for each in takes if each.kind == "turn")
    hearing = models(takes)

    interim = [hearing.hear(from_mulaw(frame)) for frame in take.frames()]

    grown = [text for text in interim if text]
    assert grown[-1] == take.text
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(grown))
    assert await hearing.transcript() == take.text
    assert await hearing.transcript() == ""


async def test_sound_that_comes_in_pieces_of_any_size_is_recognised(takes: list[Take]) -> None:
    take = next(each for each in takes if each.kind == "turn")
    hearing, pcm = models(takes), from_mulaw(take.mulaw)

    for start in range(0, len(pcm), 500):
        hearing.hear(pcm[start : start + 500])

    assert await hearing.transcript() == take.text


async def test_noise_and_the_line_have_no_words(takes: list[Take]) -> None:
    hearing = models(takes)
    for take in takes:
        if take.kind in ("line", "noise"):
            hearing.hear(from_mulaw(take.mulaw))

    assert await hearing.transcript() == ""


async def test_replies_come_token_by_token(takes: list[Take]) -> None:
    talking = models(takes)

    assert "".join([token async for token in talking.tokens()]) == REPLIES[0]
    assert "".join([token async for token in talking.tokens()]) == REPLIES[1]


async def test_servers_that_are_away_give_nothing(takes: list[Take]) -> None:
    away = models(takes, answers=False)

    with pytest.raises(Unavailable):
        _ = [token async for token in away.tokens()]
    with pytest.raises(Unavailable):
        _ = [sound async for sound in away.speech("hello")]


def test_every_system_waits_alike() -> None:
    from random import Random

    waits = Delays().seconds(100, Random(7)), Delays().seconds(100, Random(7))

    assert waits[0] == waits[1]
    assert NONE.seconds(0, Random(7)) == 0


def test_a_pause_lies_inside_its_take(takes: list[Take]) -> None:
    pauses = [take for take in takes if take.kind == "pause"]

    assert pauses
    assert all(take.pause and 0 < take.pause[0] < take.pause[1] < take.speech_frames for take in pauses)


class Handset:
    """A line without a wire."""

    def __init__(self) -> None:
        self.hears = False
        self.is_over = False
        self.is_speaking = False
        self.said: list[str] = []

    def say(self, take: Take) -> None:
        self.said.append(take.kind)

    def pass_time(self, person: Person, ticks: int, *, hears: bool) -> None:
        self.hears = hears
        for _ in range(ticks):
            person.tick()


def test_somebody_who_interrupts_does_it_once_in_an_answer(takes: list[Take]) -> None:
    phone = Handset()
    turns, breaks = ([take for take in takes if take.kind == kind] for kind in ("turn", "interruption"))
    person = Person(phone, turns, breaks_in=breaks, after=40)

    for _ in range(2):
        phone.pass_time(person, 60, hears=True)
        phone.pass_time(person, 40, hears=False)
    phone.pass_time(person, 20, hears=True)

    assert phone.said == ["turn", "interruption", "turn"]


async def test_what_was_final_is_not_said_again_when_the_speaker_goes_on(takes: list[Take]) -> None:
    take = next(each for each in takes if each.kind == "pause")
    hearing, parts = models(takes), []
    for number, frame in enumerate(take.frames()):
        hearing.hear(from_mulaw(frame))
        if number == take.pause[0]:  # type: ignore[index]
            parts.append(await hearing.transcript())
    parts.append(await hearing.transcript())

    assert " ".join(parts) == take.text
    assert all(parts)


async def test_two_takes_in_a_row_are_both_in_the_transcript(takes: list[Take]) -> None:
    one, other = [take for take in takes if take.kind == "turn"][:2]
    hearing = models(takes)
    hearing.hear(from_mulaw(one.mulaw + other.mulaw))

    assert await hearing.transcript() == f"{one.text} {other.text}"


def test_somebody_whom_nobody_answers_speaks_again(takes: list[Take]) -> None:
    phone = Handset()
    person = Person(phone, [take for take in takes if take.kind == "turn"])

    phone.pass_time(person, 1_000, hears=False)

    assert len(phone.said) == 2
