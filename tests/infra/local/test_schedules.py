"""Schedules fire on the civil clock, by EventBridge's rules."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.expressions import parse_expression
from infra.local.runner import Runner
from infra.local.schedules import ScheduleRunner, scheduler_event
from infra.local.template_nouns import ScheduleEvent
from shared.kernel.errors import Malformed
from tests.infra.local import handlers
from tests.infra.local.stack import NOON, SettableClock, eventually, small_stack


def following(expression: str, moment: datetime, *, timezone: str = "UTC") -> str:
    return parse_expression(expression, timezone=timezone).after(moment).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", "2026-03-02T12:01+00:00"),
        ("rate(3 hours)", "2026-03-02T15:00+00:00"),
        ("rate(2 days)", "2026-03-04T12:00+00:00"),
        ("cron(0/15 * * * ? *)", "2026-03-02T12:15+00:00"),
        ("cron(30 8,17 ? * MON-FRI *)", "2026-03-02T17:30+00:00"),
        ("cron(0 9 ? * 1 *)", "2026-03-08T09:00+00:00"),
        ("cron(0 0 L * ? *)", "2026-03-31T00:00+00:00"),
        ("cron(0 12 29 FEB ? *)", "2028-02-29T12:00+00:00"),
        ("cron(0 0 1 1 ? 2027)", "2027-01-01T00:00+00:00"),
    ],
)
def test_the_next_time_is_found(expression: str, expected: str) -> None:
    assert following(expression, NOON) == expected


def test_a_time_belongs_to_its_zone() -> None:
    assert following("cron(0 9 ? * * *)", NOON, timezone="America/New_York") == "2026-03-02T14:00+00:00"


def test_a_time_in_the_spring_gap_is_skipped() -> None:
    before = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)

    assert following("cron(30 2 * * ? *)", before, timezone="America/New_York") == "2026-03-09T06:30+00:00"


def test_a_time_that_the_autumn_repeats_runs_once() -> None:
    cron = parse_expression("cron(30 1 * * ? *)", timezone="America/New_York")
    first = cron.after(datetime(2026, 11, 1, 4, 0, tzinfo=UTC))

    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert cron.after(first) == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "expression",
    [
        "every minute",
        "rate(0 minutes)",
        "cron(* * * *)",
        "cron(61 * * * ? *)",
        "cron(0 9 ? * MON#1 *)",
        "cron(0 9 3W * ? *)",
    ],
)
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(Malformed, match=r"read|neither"):
        parse_expression(expression)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Malformed, match="Mars"):
        parse_expression("cron(0 9 ? * * *)", timezone="Mars/Olympus")


def test_a_schedule_that_never_comes_is_refused() -> None:
    with pytest.raises(Malformed, match="no moment"):
        parse_expression("cron(0 0 30 2 ? *)").after(NOON)


def test_the_scheduler_sends_its_standard_event() -> None:
    event = scheduler_event(ScheduleEvent(name="Tick", expression="rate(1 minute)"), due=NOON)

    assert event["source"] == "aws.scheduler"
    assert event["detail-type"] == "Scheduled Event"
    assert event["time"] == "2026-03-02T12:00:00Z"
    assert event["resources"] == ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/Tick"]
    assert event["detail"] == "{}"


def test_the_older_kind_sends_a_rules_event() -> None:
    event = scheduler_event(ScheduleEvent(name="Old", expression="rate(1 hour)", is_rule=True), due=NOON)

    assert (event["source"], event["detail"]) == ("aws.events", {})


def test_a_schedules_own_input_is_sent_instead() -> None:
    given = ScheduleEvent(name="Morning", expression="rate(1 day)", input='{"at": "<aws.scheduler.scheduled-time>"}')

    assert scheduler_event(given, due=NOON) == {"at": "2026-03-02T12:00:00Z"}


def fired(name: str) -> list[str]:
    return [event["time"] for event in handlers.seen if event.get("resources", [""])[0].endswith(f"/{name}")]


def test_schedules_fire_when_the_clock_says_so_and_make_up_for_a_leap_once() -> None:
    handlers.seen.clear()
    clock = SettableClock()
    template = small_stack()
    schedules = ScheduleRunner(template, runner=Runner(template.functions.values()), clock=clock)
    schedules.start()
    try:
        assert eventually(lambda: fired("Tick") == ["2026-03-02T12:00:00Z"])
        assert eventually(lambda: fired("Old") == ["2026-03-02T12:00:00Z"])
        clock.moment += timedelta(minutes=121)
        assert eventually(lambda: fired("Tick")[1:] == ["2026-03-02T12:01:00Z"])
        assert eventually(lambda: {"at": "2026-03-02T14:00:00Z"} in handlers.seen)
    finally:
        schedules.stop()
    assert not fired("Never")


def test_a_schedule_does_not_overtake_its_own_run() -> None:
    handlers.seen.clear()
    handlers.gate.clear()
    clock = SettableClock()
    template = small_stack()
    slow = template.functions["SyncCrm"]
    ticking = type(slow)(
        name="Slow", handler=slow.handler, schedules=(ScheduleEvent(name="Slow", expression="rate(1 minute)"),)
    )
    template = type(template)(functions={"Slow": ticking}, queues={})
    schedules = ScheduleRunner(template, runner=Runner([ticking]), clock=clock)
    for _ in range(3):
        schedules.tick()
        clock.moment += timedelta(minutes=1)
    handlers.gate.set()
    schedules.stop()

    assert fired("Slow") == ["2026-03-02T12:00:00Z"]


def test_a_function_that_fails_is_asked_again_next_time() -> None:
    runs: list[None] = []
    clock = SettableClock()
    template = small_stack()
    broken = type(template.functions["Broken"])(
        name="Broken",
        handler="tests.infra.local.handlers.breaks",
        schedules=(ScheduleEvent(name="Broken", expression="rate(1 minute)"),),
    )
    template = type(template)(functions={"Broken": broken}, queues={})
    schedules = ScheduleRunner(template, runner=Runner([broken], after=lambda: runs.append(None)), clock=clock)
    schedules.tick()
    assert eventually(lambda: len(runs) == 1)
    clock.moment += timedelta(minutes=1)
    schedules.start()
    assert eventually(lambda: len(runs) == 2)
    schedules.stop()
