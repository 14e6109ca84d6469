"""What has come and is not heard yet, by the clock."""

from voice_node.speech.synthesis.cover import Cover


def test_what_comes_is_heard_behind_what_came_before_and_is_spent_by_the_clock() -> None:
    now = [10.0]
    cover = Cover(lambda: now[0])
    assert cover.seconds == 0
    cover.add(bytes(16_000))
    cover.add(bytes(8_000))
    now[0] = 11.0
    assert cover.seconds == 0.5
    now[0] = 20.0
    assert cover.seconds == 0
    cover.add(bytes(16_000))
    assert cover.seconds == 1.0


def test_a_turn_begins_with_nothing() -> None:
    cover = Cover(lambda: 10.0)
    cover.add(bytes(16_000))
    cover.begin()
    assert cover.seconds == 0
