"""The ledger knows what was heard, whatever comes back from the line and when."""

from dataclasses import dataclass, field

import pytest

from voice_node.turns.playout import Playout, Utterance


@dataclass
class Watch:
    """A clock that stands still until it is told to go on."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Told:
    """What the ledger's listeners heard."""

    started: list[str] = field(default_factory=list)
    over: list[tuple[str, str]] = field(default_factory=list)

    def listen(self, playout: Playout) -> None:
        playout.listeners.started.append(lambda utterance: self.started.append(utterance.text))
        playout.listeners.over.append(lambda utterance: self.over.append((utterance.text, utterance.heard)))


def spoken(playout: Playout, text: str, seconds: float, **kind: bool) -> Utterance:
    utterance = playout.add(text, turn=1, **kind)
    playout.begin(utterance)
    playout.sent(seconds)
    playout.finish(utterance)
    return utterance


def test_an_utterance_is_heard_when_its_mark_comes_back() -> None:
    now, told = Watch(), Told()
    playout = Playout(now)
    told.listen(playout)

    spoken(playout, "Hello there.", 1.0)
    assert not playout.is_silent
    now.at = 1.1
    playout.marked("u1")

    assert playout.is_silent
    assert playout.quiet_since == 1.1
    assert told.started == ["Hello there."]
    assert told.over == [("Hello there.", "Hello there.")]


def test_only_the_words_played_before_a_clear_count_as_heard() -> None:
    now, told = Watch(), Told()
    playout = Playout(now)
    told.listen(playout)

    utterance = spoken(playout, "one two three four five six", 3.0)
    now.at = 1.5
    playout.clear()

    assert utterance.was_interrupted
    assert told.over == [("one two three four five six", "one two")]


def test_a_mark_that_comes_back_after_a_clear_proves_nothing() -> None:
    now = Watch()
    playout = Playout(now)

    utterance = spoken(playout, "one two three", 3.0)
    playout.clear()
    playout.marked("u1")

    assert utterance.heard == ""


def test_audio_that_is_sent_early_is_played_behind_what_was_sent_before() -> None:
    now = Watch()
    playout = Playout(now)

    assert playout.sent(0.5) == 0.0
    now.at = 0.1
    assert playout.sent(0.5) == 0.5
    now.at = 0.2
    assert playout.line_cleared() == 0.2
    assert playout.sent(0.1) == 0.2


def test_speech_announced_after_an_interruption_survives_it() -> None:
    now = Watch()
    playout = Playout(now)

    spoken(playout, "cut short", 1.0)
    playout.clear()
    fresh = playout.add("and this is new", turn=2)
    playout.line_cleared()

    assert not playout.is_silent
    assert fresh.ended_at is None


def test_speech_is_protected_from_its_announcement_to_its_mark() -> None:
    playout = Playout(Watch())

    spoken(playout, "Goodbye.", 1.0, is_protected=True)
    assert playout.is_protected
    playout.marked("u1")

    assert not playout.is_protected


@pytest.mark.parametrize("name", ["", "x1", "u", "u99", "u1"])
def test_marks_that_are_not_due_are_ignored(name: str) -> None:
    playout = Playout(Watch())

    playout.add("not sent yet", turn=1)
    playout.marked(name)

    assert not playout.is_silent


def test_a_mark_that_never_comes_is_given_up() -> None:
    now = Watch()
    playout = Playout(now)

    utterance = spoken(playout, "Goodbye.", 1.0)
    assert playout.overdue_in() == 5.0
    now.at = 6.0
    assert playout.overdue_in() < 0
    playout.give_up()

    assert playout.is_silent
    assert utterance.heard == "Goodbye."
