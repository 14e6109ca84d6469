"""Closing a call: when it may be closed, and everything that follows from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.memory import (
    MemoryCallRepository,
    MemoryCampaignRepository,
    MemoryConsentRepository,
    MemoryLeadRepository,
    MemoryReportRepository,
    MemoryStore,
    MemorySuppressionRepository,
)
from shared.adapters.memory.scores import MemoryScoreBook
from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.campaigns import Campaign
from shared.conversation import CallReport
from shared.conversation.report import ReportedAppointment
from shared.kernel.errors import Conflict
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, BudgetId, CampaignId, ConsentId, LeadId, SellerId
from shared.leads import Channel, Consent, Lead, LeadStatus, SuppressionReason
from shared.outcomes import Disposition
from shared.outcomes.close import Closing, StillLive, close_call, release_call

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
CALL, ADA, PHONE = AttemptId("call"), LeadId("ada"), "+15125550142"
HARBOR, SPRING = SellerId("harbor"), CampaignId("spring")


class World:
    """One lead in a call, in memory."""

    def __init__(self, **changes: Any) -> None:
        self.store = MemoryStore()
        self.store.campaigns[SPRING] = Campaign(
            id=SPRING,
            seller_id=HARBOR,
            name="Spring",
            script="home_value",
            voice="ava",
            caller_id="+15125550101",
            budget_id=BudgetId("purse"),
            created_at=NOW,
        )
        self.store.leads[ADA] = Lead(
            id=ADA,
            seller_id=HARBOR,
            campaign_id=SPRING,
            phone=PHONE,
            first_name="Ada",
            timezone="America/Chicago",
            state="TX",
            status=LeadStatus.CLAIMED,
            attempts=1,
            priority=107,
            created_at=NOW,
        )
        self.store.consents["c"] = Consent(
            id=ConsentId("c"),
            seller_id=HARBOR,
            phone=PHONE,
            channels=frozenset({Channel.AI_VOICE}),
            text="I agree",
            method="web_form",
            obtained_at=NOW - timedelta(days=1),
        )
        over: dict[str, Any] = {"state": AttemptState.ENDED, "ended_at": NOW, "provider_result": "no-answer"}
        self.store.attempts[CALL] = CallAttempt(
            id=CALL,
            seller_id=HARBOR,
            campaign_id=SPRING,
            lead_id=ADA,
            attempt_no=1,
            phone=PHONE,
            caller_id="+15125550101",
            planned_at=NOW,
            dial_deadline=NOW,
            **over | changes,
        )

    def close(self, now: datetime = NOW) -> Disposition | None:
        return close_call(CALL, closing=self.closing, now=now)

    def promised(self, at: datetime) -> "World":
        self.store.leads[ADA] = replace(self.lead, promised_at=at, priority=7)
        return self

    def release(self) -> Disposition:
        return release_call(CALL, closing=self.closing, now=NOW)

    @property
    def closing(self) -> Closing:
        return Closing(
            calls=MemoryCallRepository(self.store),
            leads=MemoryLeadRepository(self.store),
            campaigns=MemoryCampaignRepository(self.store),
            reports=MemoryReportRepository(self.store),
            suppressions=MemorySuppressionRepository(self.store),
            consents=MemoryConsentRepository(self.store),
            scores=MemoryScoreBook(self.store),
        )

    def told(self, **changes: Any) -> "World":
        known: dict[str, Any] = {"heard": "human", "ended_by": "agent", "end_reason": "goodbye"}
        report = CallReport(attempt_id=CALL, worker="w", epoch="e", started_at=NOW, ended_at=NOW, **known | changes)
        self.store.reports.setdefault(CALL, {})[report.part] = report
        return self

    @property
    def lead(self) -> Lead:
        return self.store.leads[ADA]

    @property
    def reasons(self) -> list[SuppressionReason]:
        return [entry.reason for entry in self.store.suppressions]


def streamed(**changes: Any) -> World:
    return World(provider_result="completed", answered_at=NOW, streamed_at=NOW, duration_seconds=90, **changes)


def test_a_call_that_goes_on_is_not_closed() -> None:
    assert World(state=AttemptState.RINGING, ended_at=None).close() is None


def test_a_call_that_reached_the_node_waits_for_its_report() -> None:
    world = streamed()

    assert world.close() is None
    assert world.lead.status is LeadStatus.CLAIMED
    assert world.told(score=60).close() is Disposition.QUALIFIED_NURTURE
    assert (world.lead.status, world.lead.score, world.lead.disposition) == ("qualified", 60, "qualified_nurture")


def let_through(**changes: Any) -> World:
    """Answered and let through; that the stream began was not told, or it never did."""
    return World(provider_result="completed", answered_at=NOW, duration_seconds=74, **changes)


def test_an_answered_call_of_which_nobody_said_that_it_reached_the_node_waits_for_its_report_as_well() -> None:
    world = let_through()

    assert world.close() is None
    assert world.told(opted_out=True).close(NOW + timedelta(minutes=9)) is Disposition.OPTED_OUT
    assert world.reasons == [SuppressionReason.OPT_OUT]


def test_it_is_closed_without_one_when_none_has_come_in_time() -> None:
    world = let_through()
    world.close()
    [waiting] = world.store.messages

    assert (waiting.message.topic, waiting.message.body) == ("close", {"attempt_id": CALL})
    assert waiting.message.available_at == NOW + timedelta(minutes=10)
    assert world.close(NOW + timedelta(minutes=10)) is Disposition.FAILED_TECHNICAL


@pytest.mark.parametrize("reason", ["not_allowed", "no_worker", "outside_hours", "full"])
def test_an_answered_call_that_was_let_through_to_nobody_is_closed_at_once(reason: str) -> None:
    assert let_through(end_reason=reason).close() is not None


def test_closing_settles_the_money_and_fills_the_line_again() -> None:
    world = World()
    world.close()

    assert [(sent.message.topic, sent.message.body) for sent in world.store.messages] == [
        ("settle", {"attempt_id": CALL}),
        ("dispatch", {"campaign_id": SPRING}),
    ]


def test_a_second_closing_changes_nothing() -> None:
    world = World()

    assert world.close() is Disposition.NO_ANSWER
    before = (world.lead, len(world.store.messages))
    assert world.close() is Disposition.NO_ANSWER
    assert (world.lead, len(world.store.messages)) == before


def test_nobody_at_home_is_rung_again_by_the_cadence() -> None:
    world = World()
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.READY, NOW + timedelta(hours=4))
    assert world.lead.priority == 7


def test_nobody_at_home_in_the_morning_is_rung_in_another_part_of_the_day() -> None:
    early = NOW - timedelta(hours=2)  # nine in Texas
    world = World(dial_started_at=early, ended_at=early)
    world.close()
    assert world.lead.next_attempt_at == NOW + timedelta(hours=4)

    again = World(dial_started_at=NOW)  # eleven: four hours later it is afternoon
    again.close()
    assert again.lead.next_attempt_at == NOW + timedelta(hours=4)

    late = World(dial_started_at=NOW + timedelta(hours=4))
    assert late.close(NOW + timedelta(hours=4)) is Disposition.NO_ANSWER
    assert late.lead.next_attempt_at == NOW + timedelta(hours=8)


def test_a_call_back_is_ready_at_the_moment_the_person_named() -> None:
    world = streamed().told(callback_at=NOW + timedelta(days=2))
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.READY, NOW + timedelta(days=2))
    assert (world.lead.promised_at, world.lead.priority) == (NOW + timedelta(days=2), 7)
    assert world.store.permissions == []


def test_a_promise_at_a_forbidden_hour_is_moved_to_the_next_allowed_one_and_that_is_kept() -> None:
    midnight = datetime(2026, 11, 26, 6, tzinfo=UTC)
    world = streamed().told(callback_at=midnight)
    world.close()

    assert (world.lead.promised_at, world.lead.next_attempt_at) == (midnight, midnight + timedelta(hours=9))
    [(_, permission)] = world.store.permissions
    assert (permission.findings[0].rule, permission.defer_until) == ("callback.moved", midnight + timedelta(hours=9))


def test_the_call_that_was_promised_does_not_use_up_an_attempt() -> None:
    world = World(purpose=Purpose.CALLBACK, dial_started_at=NOW).promised(NOW)
    world.close()

    assert (world.lead.attempts, world.lead.promised_at, world.lead.priority) == (1, None, 7)
    assert world.lead.next_attempt_at == NOW + timedelta(hours=4)


def test_a_promise_outlives_a_call_that_could_not_be_placed() -> None:
    world = World(purpose=Purpose.CALLBACK, state=AttemptState.CANCELLED, end_reason="stale").promised(NOW)
    world.close()

    assert (world.lead.attempts, world.lead.promised_at, world.lead.priority) == (1, NOW, 7)
    assert world.lead.next_attempt_at == NOW + timedelta(seconds=10)


@pytest.mark.parametrize(("before", "minutes"), [(0, 15), (2, 60), (9, 240)])
def test_a_promise_that_fails_by_us_waits_even_where_the_cadence_is_used_up(before: int, minutes: int) -> None:
    world = World(
        purpose=Purpose.CALLBACK, state=AttemptState.NOT_PLACED, end_reason="not_placed", dial_started_at=NOW
    ).promised(NOW)
    world.store.leads[ADA] = replace(world.lead, attempts=6)
    for number in range(before):
        other = replace(
            world.store.attempts[CALL], id=AttemptId(f"before-{number}"), planned_at=NOW - timedelta(hours=number + 1)
        )
        world.store.attempts[other.id] = other
    world.close()

    assert (world.lead.status, world.lead.promised_at) == (LeadStatus.READY, NOW)
    assert world.lead.next_attempt_at == NOW + timedelta(minutes=minutes)


def test_a_promise_outlives_an_ordinary_call_that_reached_nobody() -> None:
    tomorrow = NOW + timedelta(days=1)
    world = World(dial_started_at=NOW).promised(tomorrow)
    world.close()

    assert (world.lead.promised_at, world.lead.next_attempt_at) == (tomorrow, tomorrow)


def test_a_talk_keeps_the_promise() -> None:
    world = streamed().promised(NOW + timedelta(days=1)).told(score=60)
    world.close()

    assert (world.lead.status, world.lead.promised_at, world.lead.spoken_at) == ("qualified", None, NOW)


def test_a_call_of_theirs_that_reached_nobody_leaves_the_plan_as_it_is() -> None:
    later = NOW + timedelta(hours=3)
    world = World(direction=Direction.INBOUND, purpose=Purpose.INBOUND, answered_at=NOW, duration_seconds=1)
    world.store.leads[ADA] = replace(world.lead, status=LeadStatus.READY, next_attempt_at=later)
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at, world.lead.attempts) == (LeadStatus.READY, later, 1)


def test_a_stranger_who_hangs_up_is_not_waited_for() -> None:
    world = World(direction=Direction.INBOUND, purpose=Purpose.INBOUND, answered_at=NOW, duration_seconds=1)
    world.store.leads[ADA] = replace(world.lead, status=LeadStatus.NEW, attempts=0)
    world.close(NOW + timedelta(minutes=10))

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.UNREACHABLE, None)


def test_a_call_that_still_goes_on_keeps_the_lead() -> None:
    world = World(direction=Direction.INBOUND, purpose=Purpose.INBOUND, answered_at=NOW, duration_seconds=1)
    live = replace(world.store.attempts[CALL], id=AttemptId("other"), state=AttemptState.RINGING, ended_at=None)
    world.store.attempts[live.id] = live
    world.close()

    assert world.lead.status is LeadStatus.CLAIMED


def test_a_lead_that_calls_us_while_we_ring_it_is_left_to_whichever_call_ends_last() -> None:
    world = World(dial_started_at=NOW)
    theirs = replace(
        world.store.attempts[CALL],
        id=AttemptId("theirs"),
        direction=Direction.INBOUND,
        purpose=Purpose.INBOUND,
        state=AttemptState.ANSWERED,
        ended_at=None,
        answered_at=NOW,
    )
    world.store.attempts[theirs.id] = theirs
    world.close()
    meanwhile = world.lead.status
    assert meanwhile is LeadStatus.CLAIMED

    ended = replace(theirs, state=AttemptState.ENDED, ended_at=NOW, duration_seconds=1, end_reason="full")
    world.store.attempts[theirs.id] = ended
    close_call(theirs.id, closing=world.closing, now=NOW)

    assert world.lead.status is LeadStatus.READY
    assert (world.lead.next_attempt_at or NOW) >= NOW + timedelta(hours=4)


def test_what_others_told_the_lead_while_it_was_closed_is_kept() -> None:
    world = World()

    class SpokenMeanwhile(MemoryLeadRepository):
        def get(self, lead_id: LeadId) -> Lead:
            lead = super().get(lead_id)
            world.store.leads[lead_id] = replace(lead, spoken_at=NOW, variant="b")
            return lead

    close_call(CALL, closing=replace(world.closing, leads=SpokenMeanwhile(world.store)), now=NOW)

    assert (world.lead.status, world.lead.spoken_at, world.lead.variant) == (LeadStatus.READY, NOW, "b")


def test_a_promise_made_while_a_call_is_closed_is_seen_when_it_is_closed_again() -> None:
    world, tomorrow = World(), NOW + timedelta(days=1)

    class PromisedMeanwhile(MemoryLeadRepository):
        def get(self, lead_id: LeadId) -> Lead:
            lead = super().get(lead_id)
            world.promised(tomorrow)
            return lead

    with pytest.raises(Conflict):
        close_call(CALL, closing=replace(world.closing, leads=PromisedMeanwhile(world.store)), now=NOW)
    world.close()

    assert (world.lead.promised_at, world.lead.next_attempt_at) == (tomorrow, tomorrow)


def test_what_was_settled_is_not_unsettled_by_a_call_that_reached_nobody() -> None:
    world = World(dial_started_at=NOW)
    world.store.leads[ADA] = replace(world.lead, status=LeadStatus.QUALIFIED)
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.QUALIFIED, None)


def test_who_was_given_up_and_calls_is_called_back_as_promised() -> None:
    tomorrow = NOW + timedelta(days=1)
    world = World(direction=Direction.INBOUND, purpose=Purpose.INBOUND, answered_at=NOW, end_reason="full")
    world.store.leads[ADA] = replace(world.lead, status=LeadStatus.EXHAUSTED, attempts=6, promised_at=tomorrow)
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.READY, tomorrow)
    assert (world.lead.attempts, world.lead.promised_at) == (6, tomorrow)


def test_the_second_half_of_a_call_is_waited_for() -> None:
    world = streamed()
    world.store.attempts[CALL] = replace(world.store.attempts[CALL], recoveries=1)
    world.told(ended_by="error", end_reason="the line broke")

    assert world.close() is None
    assert world.told(part=1, score=60).close() is Disposition.QUALIFIED_NURTURE


def test_a_second_half_that_does_not_come_is_not_waited_for_for_ever() -> None:
    world = streamed().told(score=60)
    world.store.attempts[CALL] = replace(world.store.attempts[CALL], recoveries=1)

    assert world.close(NOW + timedelta(minutes=9)) is None
    assert world.close(NOW + timedelta(minutes=11)) is Disposition.QUALIFIED_NURTURE


def test_a_line_that_stayed_broken_is_closed_by_what_was_told() -> None:
    world = streamed()
    world.store.attempts[CALL] = replace(world.store.attempts[CALL], recoveries=2, end_reason="lost_connection")

    assert world.told(score=60).close() is Disposition.QUALIFIED_NURTURE


def test_who_says_stop_is_suppressed_everywhere_and_for_good() -> None:
    world = streamed().told(opted_out=True, opt_out_words="stop calling me")

    assert world.close() is Disposition.OPTED_OUT
    assert world.lead.status is LeadStatus.OPTED_OUT
    (entry,) = world.store.suppressions
    assert (entry.reason, entry.seller_id, entry.evidence) == ("opt_out", None, "stop calling me")


def test_a_lead_that_opted_out_meanwhile_stays_so() -> None:
    world = World()
    world.store.leads[ADA] = world.lead.opted_out()
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.OPTED_OUT, None)


def test_a_wrong_number_is_suppressed_and_its_consent_taken_back() -> None:
    world = streamed().told(wrong_number=True)
    world.close()

    assert world.lead.status is LeadStatus.INVALID
    assert world.reasons == [SuppressionReason.WRONG_NUMBER]
    assert world.store.consents["c"].revoked_at == NOW


def test_not_interested_counts_as_a_stop() -> None:
    world = streamed().told(not_interested=True)
    world.close()

    assert world.lead.status is LeadStatus.NOT_INTERESTED
    assert [(entry.reason, entry.seller_id) for entry in world.store.suppressions] == [("do_not_call", None)]


@pytest.mark.parametrize("also", [{"has_agent": True}, {"language_barrier": True}, {"wrong_number": True}])
def test_a_stop_is_kept_whatever_else_was_said(also: dict[str, bool]) -> None:
    world = streamed().told(not_interested=True, **also)
    world.close()

    assert SuppressionReason.DO_NOT_CALL in world.reasons


def test_who_says_stop_to_a_wrong_number_takes_back_its_consent_too() -> None:
    world = streamed().told(opted_out=True, wrong_number=True)

    assert world.close() is Disposition.OPTED_OUT
    assert world.reasons == [SuppressionReason.OPT_OUT, SuppressionReason.WRONG_NUMBER]
    assert world.store.consents["c"].revoked_at == NOW


def test_who_agrees_to_an_appointment_after_all_is_not_suppressed() -> None:
    slot = ReportedAppointment(
        id=AppointmentId("slot"), agent_id=AgentId("maria"), starts_at=NOW, ends_at=NOW, timezone="UTC", is_booked=True
    )
    world = streamed().told(not_interested=True, appointment=slot)

    assert world.close() is Disposition.APPOINTMENT_SET
    assert world.reasons == []


def test_a_call_whose_report_was_lost_is_released_by_hand() -> None:
    world = streamed()

    assert world.release() is Disposition.FAILED_TECHNICAL
    assert world.release() is Disposition.FAILED_TECHNICAL
    assert world.lead.status is LeadStatus.READY
    assert [sent.message.topic for sent in world.store.messages] == ["settle", "dispatch"]


def test_a_call_that_goes_on_is_not_released() -> None:
    with pytest.raises(StillLive):
        World(state=AttemptState.STREAMING, ended_at=None, streamed_at=NOW).release()


def test_a_report_that_comes_after_the_release_still_suppresses() -> None:
    world = streamed()
    world.release()

    assert world.told(wrong_number=True).close() is Disposition.FAILED_TECHNICAL
    assert world.reasons == [SuppressionReason.WRONG_NUMBER]
    assert world.store.consents["c"].revoked_at == NOW


def test_a_number_that_cannot_be_rung_is_not_tried_again() -> None:
    world = World(state=AttemptState.REJECTED, provider_result=None, end_reason="bad_number")
    world.close()

    assert (world.lead.status, world.reasons) == (LeadStatus.INVALID, [SuppressionReason.BAD_NUMBER])


def test_an_attempt_that_never_rang_does_not_count() -> None:
    world = World(state=AttemptState.CANCELLED, provider_result=None, end_reason="stale")
    world.close()

    assert (world.lead.attempts, world.lead.status) == (0, LeadStatus.READY)
    assert world.lead.next_attempt_at == NOW + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AttemptState.NOT_PLACED, "carrier_busy"),
        (AttemptState.NOT_PLACED, "account_refused"),
        (AttemptState.CANCELLED, "stale"),
        (AttemptState.CANCELLED, "not_allowed"),
    ],
)
@pytest.mark.parametrize(("before", "seconds"), [(0, 10), (1, 20), (3, 80), (40, 14_400)])
def test_what_rang_nobody_is_tried_again_soon_and_then_less_and_less_so(
    state: AttemptState, reason: str, before: int, seconds: int
) -> None:
    world = World(state=state, provider_result=None, end_reason=reason, dial_started_at=NOW)
    for number in range(before):
        other = replace(
            world.store.attempts[CALL],
            id=AttemptId(f"before-{number}"),
            planned_at=NOW - timedelta(hours=number + 1),
        )
        world.store.attempts[other.id] = other
    world.close()

    assert (world.lead.attempts, world.lead.status) == (0, LeadStatus.READY)
    assert NOW + timedelta(seconds=seconds) <= (world.lead.next_attempt_at or NOW)
    if seconds < 14_400:
        assert world.lead.next_attempt_at == NOW + timedelta(seconds=seconds)


def test_a_call_that_may_still_ring_late_is_not_followed_at_once() -> None:
    world = World(state=AttemptState.NOT_PLACED, provider_result=None, end_reason="not_placed", dial_started_at=NOW)
    world.close()

    assert world.lead.next_attempt_at == NOW + timedelta(minutes=15)


@pytest.mark.parametrize("reason", ["carrier_refused", "stopped", "not_allowed"])
def test_what_failed_by_our_own_doing_does_not_count(reason: str) -> None:
    world = World(provider_result="canceled", end_reason=reason, dial_started_at=NOW, provider_sid="CA1")
    world.close()

    assert (world.lead.attempts, world.lead.next_attempt_at) == (0, NOW + timedelta(minutes=15))


def test_each_failure_of_ours_in_a_row_makes_the_lead_wait_longer() -> None:
    world = World(state=AttemptState.NOT_PLACED, provider_result=None, end_reason="not_placed", dial_started_at=NOW)
    for number in (1, 2):
        before = replace(
            world.store.attempts[CALL],
            id=AttemptId(f"before-{number}"),
            planned_at=NOW - timedelta(hours=number),
        )
        world.store.attempts[before.id] = before
    world.close()

    assert (world.lead.attempts, world.lead.next_attempt_at) == (0, NOW + timedelta(hours=1))


def test_an_attempt_that_the_carrier_had_after_all_counts() -> None:
    world = World(
        state=AttemptState.NOT_PLACED,
        provider_result=None,
        end_reason="not_placed",
        dial_started_at=NOW,
        provider_sid="CA1",
    )
    world.close()

    assert world.lead.attempts == 1


def test_the_last_attempt_of_the_cadence_exhausts_the_lead() -> None:
    world = World()
    world.store.leads[ADA] = replace(world.lead, attempts=6)
    world.close()

    assert (world.lead.status, world.lead.next_attempt_at) == (LeadStatus.EXHAUSTED, None)


def test_whoever_was_cut_off_is_rung_back_at_the_moment_they_were_promised() -> None:
    soon = NOW + timedelta(minutes=10)
    world = streamed(end_reason="lost_connection").promised(soon).told(ended_by="error", end_reason="node died")
    world.close()

    assert (world.lead.status, world.lead.promised_at, world.lead.next_attempt_at) == (LeadStatus.READY, soon, soon)
