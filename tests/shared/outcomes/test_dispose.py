"""Every way an attempt can end has exactly one disposition and one next action."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calls import TERMINAL, AttemptState, CallAttempt, Direction
from shared.campaigns import Cadence
from shared.conversation import CallReport
from shared.conversation.report import CancelledAppointment, EndedBy, HeardAs, ReportedAppointment, ReportedFact
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, CampaignId, LeadId, SellerId
from shared.leads import Lead, LeadStatus
from shared.outcomes import ActionKind, Disposition
from shared.outcomes.dispose import disposition_of
from shared.outcomes.next_action import next_action

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
LEAD = Lead(
    id=LeadId("ada"),
    seller_id=SellerId("harbor"),
    phone="+15125550142",
    first_name="Ada",
    timezone="America/Chicago",
    state="TX",
    attempts=1,
    created_at=NOW,
)


def attempt(**changes: Any) -> CallAttempt:
    known: dict[str, Any] = {
        "id": AttemptId("call"),
        "seller_id": SellerId("harbor"),
        "campaign_id": CampaignId("spring"),
        "lead_id": LeadId("ada"),
        "attempt_no": 1,
        "phone": "+15125550142",
        "caller_id": "+15125550101",
        "state": AttemptState.ENDED,
        "planned_at": NOW,
        "dial_deadline": NOW,
        "ended_at": NOW,
    }
    return CallAttempt(**known | changes)


def report(**changes: Any) -> CallReport:
    known: dict[str, Any] = {
        "attempt_id": AttemptId("call"),
        "worker": "w1",
        "epoch": "e1",
        "started_at": NOW,
        "ended_at": NOW,
        "ended_by": "agent",
        "end_reason": "goodbye",
        "heard": "human",
    }
    return CallReport(**known | changes)


def appointment(*, is_booked: bool) -> ReportedAppointment:
    return ReportedAppointment(
        id=AppointmentId("slot"),
        agent_id=AgentId("maria"),
        starts_at=TOMORROW,
        ends_at=TOMORROW,
        timezone="America/Chicago",
        is_booked=is_booked,
    )


FACTS = tuple(ReportedFact(field=f"f{n}", value=n, turn=n, quote="q", confidence=1.0) for n in range(4))
CANCELLED = CancelledAppointment(
    id=AppointmentId("old"),
    agent_id=AgentId("maria"),
    starts_at=TOMORROW,
    ends_at=TOMORROW,
    timezone="America/Chicago",
    is_done=True,
)
SOON = ReportedFact(field="timeline", value="1_3m", turn=1, quote="by spring", confidence=1.0)
SOME_DAY = ReportedFact(field="timeline", value="none", turn=1, quote="some day", confidence=1.0)
RUNG_IN = {"direction": Direction.INBOUND, "provider_result": "completed", "answered_at": NOW}
STREAMED = {"provider_result": "completed", "answered_at": NOW, "streamed_at": NOW}


@pytest.mark.parametrize(
    ("ended", "disposition"),
    [
        ({"provider_result": "busy"}, "busy"),
        ({"provider_result": "no-answer"}, "no_answer"),
        ({"provider_result": "failed"}, "failed_technical"),
        ({"provider_result": "canceled"}, "failed_technical"),
        ({"provider_result": "failed", "end_reason": "bad_number"}, "bad_number"),
        *(({"provider_result": "failed", "sip_code": code}, "bad_number") for code in (404, 410, 484, 604)),
        ({"provider_result": "failed", "sip_code": 503}, "failed_technical"),
        ({"provider_result": "busy", "sip_code": 404}, "busy"),
        ({"state": AttemptState.REJECTED, "end_reason": "bad_number"}, "bad_number"),
        ({"state": AttemptState.REJECTED, "end_reason": "carrier_refused"}, "failed_technical"),
        ({"state": AttemptState.CANCELLED, "end_reason": "not_allowed"}, "failed_technical"),
        ({"state": AttemptState.NOT_PLACED, "end_reason": "carrier_busy"}, "failed_technical"),
        ({"provider_result": "completed", "answered_at": NOW, "answered_by": "machine_start"}, "voicemail"),
        ({"provider_result": "completed", "answered_at": NOW, "duration_seconds": 1}, "hung_up_early"),
        ({"provider_result": "completed", "answered_at": NOW, "duration_seconds": 12}, "failed_technical"),
        (STREAMED | {"duration_seconds": 1}, "failed_technical"),
        ({"provider_result": "completed", "answered_at": NOW, "answered_by": "fax"}, "fax"),
        *((RUNG_IN | {"end_reason": reason, "duration_seconds": 1}, "missed") for reason in ("outside_hours", "full")),
        (RUNG_IN | {"duration_seconds": 1}, "hung_up_early"),
    ],
)
def test_without_a_report_the_carrier_decides(ended: dict[str, Any], disposition: str) -> None:
    assert disposition_of(attempt(**ended), None) == disposition


@pytest.mark.parametrize(
    ("said", "disposition"),
    [
        ({"opted_out": True, "appointment": appointment(is_booked=True), "score": 90}, "opted_out"),
        ({"wrong_number": True, "score": 90}, "wrong_number"),
        ({"appointment": appointment(is_booked=True), "not_interested": True}, "appointment_set"),
        ({"appointment": appointment(is_booked=False)}, "qualified_hot"),
        ({"heard": "voicemail"}, "voicemail"),
        ({"heard": "mailbox_full"}, "mailbox_full"),
        ({"heard": "ivr"}, "ivr"),
        ({"heard": "fax"}, "fax"),
        ({"heard": "screening"}, "screened"),
        ({"wants_person": True, "callback_at": TOMORROW, "score": 80}, "person_wanted"),
        ({"wants_person": True, "transferred_to": "+15125550177"}, "transferred"),
        ({"wants_person": True, "opted_out": True}, "opted_out"),
        ({"wants_person": True, "appointment": appointment(is_booked=True)}, "appointment_set"),
        ({"heard": "silence"}, "no_answer"),
        ({"heard": "nobody", "ended_by": "caller"}, "hung_up_early"),
        ({"heard": "nobody", "ended_by": "error"}, "failed_technical"),
        ({"language_barrier": True}, "language_barrier"),
        ({"language_barrier": True, "callback_language": "es"}, "language_barrier"),
        ({"keeps_appointment": True, "score": 10}, "appointment_set"),
        ({"keeps_appointment": True, "callback_at": TOMORROW}, "callback_scheduled"),
        ({"cancelled": CANCELLED, "score": 10}, "qualified_nurture"),
        ({"cancelled": CANCELLED, "not_interested": True}, "not_interested"),
        ({"cancelled": CANCELLED, "disqualified_because": "already done"}, "not_qualified"),
        ({"cancelled": CANCELLED, "appointment": appointment(is_booked=True)}, "appointment_set"),
        ({"has_agent": True, "not_interested": True}, "has_agent"),
        ({"not_interested": True, "callback_at": TOMORROW}, "not_interested"),
        ({"callback_at": TOMORROW, "score": 80}, "callback_scheduled"),
        ({"disqualified_because": "lives abroad", "score": 80}, "not_qualified"),
        ({"score": 70, "facts": (SOON,)}, "qualified_hot"),
        ({"score": 70, "facts": (SOME_DAY,)}, "qualified_nurture"),
        ({"score": 69, "facts": (SOON,)}, "qualified_nurture"),
        ({"score": 25}, "qualified_nurture"),
        ({"score": 24}, "not_qualified"),
        ({"score": 80, "ended_by": "caller", "facts": (SOON,)}, "hung_up_early"),
        ({"score": 40, "ended_by": "caller", "facts": FACTS}, "qualified_nurture"),
        ({"score": 10, "ended_by": "caller"}, "hung_up_early"),
        ({"score": 10, "ended_by": "caller", "facts": FACTS}, "not_qualified"),
        ({"ended_by": "carrier"}, "hung_up_early"),
        ({"ended_by": "error", "facts": FACTS}, "failed_technical"),
    ],
)
def test_with_a_report_the_person_decides(said: dict[str, Any], disposition: str) -> None:
    assert disposition_of(attempt(**STREAMED), report(**said)) == disposition


def test_a_machine_that_the_carrier_heard_is_a_voicemail_unless_a_person_spoke() -> None:
    by_machine = attempt(**STREAMED, answered_by="machine_end_beep")

    assert disposition_of(by_machine, report(heard="silence")) is Disposition.VOICEMAIL
    assert disposition_of(by_machine, report(heard="human", score=80, facts=(SOON,))) is Disposition.QUALIFIED_HOT


def test_what_the_node_heard_counts_before_the_carriers_word() -> None:
    by_machine, by_fax = attempt(**STREAMED, answered_by="machine_start"), attempt(**STREAMED, answered_by="fax")

    assert disposition_of(by_machine, report(heard="screening")) is Disposition.SCREENED
    assert disposition_of(by_machine, report(heard="ivr")) is Disposition.IVR
    assert disposition_of(by_fax, report(heard="nobody")) is Disposition.FAX
    assert disposition_of(by_fax, report(heard="human", has_agent=True)) is Disposition.HAS_AGENT


@pytest.mark.parametrize(
    ("disposition", "kind", "status"),
    [
        ("mailbox_full", "call_again", "ready"),
        ("ivr", "call_again", "ready"),
        ("fax", "stop", "invalid"),
        ("transferred", "hand_to_agent", "qualified"),
        ("person_wanted", "hand_to_agent", "qualified"),
        ("missed", "stop", "unreachable"),
    ],
)
def test_machines_and_wishes_for_a_person_have_their_next_step(disposition: str, kind: str, status: str) -> None:
    assert action(disposition)[:2] == (kind, status)


def action(disposition: str, *, lead: Lead = LEAD, **said: Any) -> tuple[str, str, datetime | None]:
    following = next_action(
        Disposition(disposition), lead, cadence=Cadence(), report=report(**said) if said else None, now=NOW
    )
    return following.kind, following.lead_status, following.at


def test_a_call_back_is_kept_at_its_moment() -> None:
    assert action("callback_scheduled", callback_at=TOMORROW) == ("call_again", "ready", TOMORROW)


def test_a_call_back_in_the_past_is_due_now() -> None:
    assert action("callback_scheduled", callback_at=NOW - timedelta(hours=1)) == ("call_again", "ready", NOW)


def test_who_could_not_be_reached_is_rung_again_until_the_cadence_ends() -> None:
    used_up = Lead(**vars(LEAD) | {"attempts": 6})

    assert action("busy") == ("call_again", "ready", NOW + timedelta(minutes=30))
    assert action("busy", lead=used_up) == ("stop", "exhausted", None)


def test_a_disposition_without_a_delay_ends_as_unreachable() -> None:
    following = next_action(Disposition.BUSY, LEAD, cadence=Cadence(delays={}), report=None, now=NOW)

    assert (following.kind, following.lead_status) == (ActionKind.STOP, LeadStatus.UNREACHABLE)


@settings(max_examples=200, deadline=None)
@given(
    state=st.sampled_from(sorted(TERMINAL)),
    result=st.sampled_from([None, "completed", "busy", "no-answer", "failed", "canceled", "news"]),
    answered_by=st.sampled_from([None, "human", "machine_start", "fax", "unknown"]),
    end_reason=st.sampled_from([None, "bad_number", "carrier_refused", "stale"]),
    was_answered=st.booleans(),
    seconds=st.sampled_from([None, 0, 2, 60]),
    told=st.none()
    | st.fixed_dictionaries(
        {
            "heard": st.sampled_from(get_args(HeardAs)),
            "ended_by": st.sampled_from(get_args(EndedBy)),
            "opted_out": st.booleans(),
            "wrong_number": st.booleans(),
            "not_interested": st.booleans(),
            "has_agent": st.booleans(),
            "language_barrier": st.booleans(),
            "callback_at": st.sampled_from([None, TOMORROW]),
            "appointment": st.sampled_from([None, appointment(is_booked=True), appointment(is_booked=False)]),
            "score": st.none() | st.integers(0, 100),
        }
    ),
    status=st.sampled_from([LeadStatus.CLAIMED, LeadStatus.IN_CALL, LeadStatus.OPTED_OUT]),
    attempts=st.integers(1, 8),
)
def test_every_ending_has_one_disposition_and_one_next_action(
    state: AttemptState,
    result: str | None,
    answered_by: str | None,
    end_reason: str | None,
    was_answered: bool,
    seconds: int | None,
    told: dict[str, Any] | None,
    status: LeadStatus,
    attempts: int,
) -> None:
    ended = attempt(
        state=state,
        provider_result=result,
        answered_by=answered_by,
        end_reason=end_reason,
        answered_at=NOW if was_answered else None,
        duration_seconds=seconds,
    )
    words = report(**told) if told else None
    disposition = disposition_of(ended, words)
    lead = Lead(**vars(LEAD) | {"status": status, "attempts": attempts})
    following = next_action(disposition, lead, cadence=Cadence(), report=words, now=NOW)

    assert isinstance(disposition, Disposition)
    assert (following.at is not None) is (following.kind is ActionKind.CALL_AGAIN)
    assert (following.lead_status is LeadStatus.READY) is (following.kind is ActionKind.CALL_AGAIN)
    assert following.at is None or following.at >= NOW
    if (told and told["opted_out"]) or status is LeadStatus.OPTED_OUT:
        assert following.lead_status is LeadStatus.OPTED_OUT


@pytest.mark.parametrize(
    ("language", "kind", "status"),
    [("es", ActionKind.HAND_TO_AGENT, LeadStatus.QUALIFIED), ("", ActionKind.STOP, LeadStatus.NOT_QUALIFIED)],
)
def test_who_is_to_be_called_in_another_language_is_handed_to_a_person(
    language: str, kind: ActionKind, status: LeadStatus
) -> None:
    told = report(language_barrier=True, callback_language=language)
    action = next_action(Disposition.LANGUAGE_BARRIER, LEAD, cadence=Cadence(), report=told, now=NOW)

    assert (action.kind, action.lead_status, action.at) == (kind, status, None)
