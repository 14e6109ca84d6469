"""One worker, as its supervisor sees it."""

import socket

from voice_node.pool.member import Member, Patience
from voice_node.pool.pulse import Pulse, PulseReader

PATIENCE = Patience(start=60, stuck=5, healthy=30, first_delay=1, longest_delay=4)


def pulse(*, ready: bool = True, live: int = 0, load: float = 0.0) -> Pulse:
    return Pulse(ready=ready, live=live, slots=4, lag_ms=0.0, load=load)


def alive(now: float = 0.0) -> tuple[Member, socket.socket]:
    member = Member("w1", PATIENCE)
    ours, theirs = socket.socketpair()
    member.born(1, ours, now)
    return member, theirs


def test_deaths_in_a_row_are_followed_by_ever_longer_pauses_until_one_life_was_long() -> None:
    member, now, delays = Member("w1", PATIENCE), 0.0, []
    for lived in (1, 1, 1, 1, 1, 31, 1):
        ours, theirs = socket.socketpair()
        theirs.close()
        member.born(1, ours, now)
        now += lived
        delays.append(member.died(now))

    assert delays == [0, 1, 2, 4, 4, 0, 1]
    assert member.due_at == now + 1


def test_who_is_silent_is_stuck_and_who_warms_up_may_be_silent_for_longer() -> None:
    member, worker = alive()
    with worker:
        assert [member.is_stuck(now) for now in (6, 61)] == [False, True]
        worker.send(pulse().encoded())
        member.listen(10)
        assert [member.is_stuck(now) for now in (14, 16)] == [False, True]
    member.died(20)


def test_the_calmer_of_two_with_as_many_free_slots_has_more_room() -> None:
    rooms = []
    for said in (pulse(), pulse(load=0.5), pulse(live=3), pulse(ready=False)):
        member, worker = alive()
        with worker:
            worker.send(said.encoded())
            member.listen(0)
        rooms.append(member.room)
        member.died(0)

    assert rooms == sorted(rooms, reverse=True)
    assert rooms[-1] == 0


def test_a_worker_that_was_not_heard_of_takes_nobody_and_one_that_went_is_noticed() -> None:
    member, worker = alive()
    with socket.socket() as visitor:
        assert not member.take(visitor)
    worker.close()
    assert not member.listen(0)
    member.died(0)


def test_pulses_arrive_in_pieces_and_nonsense_is_passed_over() -> None:
    reader, said = PulseReader(), pulse(live=2).encoded()

    assert reader.feed(said[:10]) is None
    assert reader.feed(said[10:]) == pulse(live=2)
    assert reader.feed(b"nonsense\n" + pulse(live=3).encoded()) == pulse(live=3)
