"""Every InboundBook, PromptRepository and TaskRepository keeps the same promises; so do briefs and reports in parts."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.calls.desk import InboundDesk
from shared.calls.tasks import TaskReason
from shared.campaigns import CallingPlan, VoicemailPolicy
from shared.campaigns.prompts import Prompt, PromptKind, inbound_text, prompt_texts, recovery_text
from shared.conversation.report import ReportedFact
from shared.costs import Reservation
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import SellerId, new_id
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.kernel.week import DayHours
from shared.leads import Lead, LeadStatus
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    CAMPAIGN_ID,
    NOON,
    PHONE,
    SELLER,
    make_agent,
    make_appointment,
    make_attempt,
    make_campaign,
    make_lead,
    make_report,
)

WATCH = NewMessage(topic="reconcile", body={"attempt_id": "a"})


def ringing_in(lead: Lead, *, sid: str = "CA7", **changed: object) -> CallAttempt:
    told = {
        "direction": Direction.INBOUND,
        "purpose": Purpose.INBOUND,
        "state": AttemptState.ANSWERED,
        "provider_sid": sid,
        "answered_at": NOON,
    }
    return make_attempt(lead, **told | changed)


def admit(backend: Backend, attempt: CallAttempt, lead: Lead, reason: TaskReason | None = None) -> CallAttempt:
    budget = backend.costs.budgets_for_inbound(SELLER.id, NOON)[0]
    held = Reservation(attempt_id=attempt.id, budget_ids=(budget.id,), amount=Money.usd("0.10"), made_at=NOON)
    task = (reason, NOON + timedelta(hours=20)) if reason else None
    return backend.inbound.admit(attempt, lead, held, WATCH, task=task)


def test_a_call_is_kept_with_its_lead_its_money_and_its_errand(backend: Backend) -> None:
    lead = make_lead(first_name="", status=LeadStatus.NEW, next_attempt_at=None)
    attempt = admit(backend, ringing_in(lead), lead)

    assert backend.inbound.by_sid("CA7") == backend.calls.get(attempt.id) == attempt
    assert backend.inbound.by_sid("CA8") is None
    assert backend.leads.get(lead.id) == lead
    assert backend.costs.reservation(attempt.id).amount == Money.usd("0.10")
    assert backend.outbox.waiting() == {"reconcile": 1}


def test_a_call_is_kept_once(backend: Backend) -> None:
    lead = backend.add_lead()
    first = admit(backend, ringing_in(lead), lead)

    with pytest.raises(Conflict):
        admit(backend, ringing_in(lead), lead)

    assert backend.calls.of_lead(lead.id) == [first]
    assert backend.outbox.waiting() == {"reconcile": 1}


def test_people_ring_in_while_we_ring_them_and_even_twice(backend: Backend) -> None:
    lead = backend.add_lead()
    ours = backend.plan(lead)
    calls = [admit(backend, ringing_in(lead, sid=sid), lead) for sid in ("CA1", "CA2")]

    assert [each.attempt_no for each in calls] == [1, 2]
    assert ours.attempt_no == 1
    assert len(backend.calls.of_lead(lead.id)) == 3


def test_who_has_called_us_is_rung_for_the_first_time(backend: Backend) -> None:
    lead = backend.add_lead()
    theirs = admit(backend, ringing_in(lead), lead)
    ended = backend.calls.move(replace(theirs, state=AttemptState.ENDED, ended_at=NOON))
    backend.calls.close(ended, lead, "missed")

    assert backend.plan(lead).attempt_no == theirs.attempt_no == 1


def test_nobody_is_rung_who_is_on_the_line(backend: Backend) -> None:
    lead = backend.add_lead()
    admit(backend, ringing_in(lead), lead)

    with pytest.raises(Conflict):
        backend.plan(lead)


def test_the_ring_of_a_phone_that_calls_us_may_not_be_talked_to(backend: Backend) -> None:
    ours = backend.plan()
    backend.calls.begin_dialing(ours.id, worker="w1", slot_epoch="e1", talk_until=NOON + timedelta(minutes=9), now=NOON)

    [hushed] = backend.inbound.silence(PHONE, now=NOON)

    assert (hushed.id, hushed.talk_until) == (ours.id, NOON)
    assert backend.calls.get(ours.id).talk_until == NOON
    assert backend.inbound.silence("+13125550199", now=NOON) == []


def test_a_conversation_is_not_silenced(backend: Backend) -> None:
    lead = backend.add_lead()
    admit(backend, ringing_in(lead), lead)

    assert backend.inbound.silence(PHONE, now=NOON) == []


def test_the_newest_lead_of_the_seller_is_the_caller(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(id=new_id(), name="Autumn"))
    autumn = next(each for each in backend.campaigns.all() if each.name == "Autumn")
    backend.add_lead()
    newer = backend.add_lead(campaign_id=autumn.id, created_at=NOON + timedelta(days=1))

    assert backend.inbound.lead_of(PHONE, seller_id=SELLER.id) == newer
    assert backend.inbound.lead_of("+13125550199", seller_id=SELLER.id) is None
    assert backend.inbound.lead_of(PHONE, seller_id=new_id()) is None


def test_what_others_changed_of_a_lead_meanwhile_stands(backend: Backend) -> None:
    lead = backend.add_lead()
    backend.leads.save(replace(lead, status=LeadStatus.UNREACHABLE, next_attempt_at=None))
    promised = NOON + timedelta(hours=20)
    admit(backend, ringing_in(lead), replace(lead, promised_at=promised), TaskReason.FULL)

    kept = backend.leads.get(lead.id)
    assert (kept.status, kept.promised_at) == (LeadStatus.UNREACHABLE, promised)


def test_a_desk_is_always_open_until_it_is_set(backend: Backend) -> None:
    assert backend.inbound.desk(SELLER.id) == InboundDesk(seller_id=SELLER.id)
    desk = InboundDesk(
        seller_id=SELLER.id,
        hours=(DayHours(weekday=2, opens=time(9), closes=time(17)),),
        timezone="America/Chicago",
        transfer_to="+13125550177",
    )

    for each in (desk, replace(desk, transfer_to=None)):
        backend.inbound.save_desk(each)
        assert backend.inbound.desk(SELLER.id) == each


def test_prompts_are_kept_by_voice_and_kind(backend: Backend) -> None:
    prompt = Prompt(
        campaign_id=CAMPAIGN_ID, voice="en-us", kind=PromptKind.INBOUND, text="Hi.", audio=b"\x01", rendered_at=NOON
    )
    for each in (prompt, replace(prompt, text="Hello.", audio=b"\x02"), replace(prompt, voice="en-gb")):
        backend.prompts.save_prompt(each)

    found = backend.prompts.prompt(CAMPAIGN_ID, voice="en-us", kind=PromptKind.INBOUND)
    assert found == replace(prompt, text="Hello.", audio=b"\x02")
    assert backend.prompts.prompt(CAMPAIGN_ID, voice="en-us", kind=PromptKind.RECOVERY) is None


def test_a_task_waits_until_it_is_done(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = admit(backend, ringing_in(lead), lead, TaskReason.OUTSIDE_HOURS)

    [task] = backend.tasks.open_tasks(SELLER.id)
    assert (task.lead_id, task.attempt_id, task.phone) == (lead.id, attempt.id, PHONE)
    assert (task.reason, task.due_at) == (TaskReason.OUTSIDE_HOURS, NOON + timedelta(hours=20))
    assert backend.tasks.open_tasks(SellerId(new_id())) == []

    done = backend.tasks.done(task.id, by="grace", now=NOON)
    assert backend.tasks.done(task.id, by="later", now=NOON + timedelta(days=1)) == done
    assert (done.done_by, done.done_at) == ("grace", NOON)
    assert backend.tasks.open_tasks() == []
    with pytest.raises(NotFound):
        backend.tasks.done(new_id(), by="grace", now=NOON)


def test_a_task_closes_once_the_two_have_spoken_unless_a_person_is_wanted(backend: Backend) -> None:
    lead = backend.add_lead()
    attempt = admit(backend, ringing_in(lead), lead, TaskReason.FULL)
    backend.reports.add(make_report(attempt, wants_person=True, callback_at=NOON + timedelta(hours=1)))
    assert {task.reason for task in backend.tasks.open_tasks()} == {TaskReason.FULL, TaskReason.WANTS_PERSON}

    backend.leads.save(replace(backend.leads.get(lead.id), spoken_at=NOON + timedelta(minutes=5)))

    [task] = backend.tasks.open_tasks()
    assert (task.reason, task.due_at) == (TaskReason.WANTS_PERSON, NOON + timedelta(hours=1))


def test_the_parts_of_a_call_are_told_as_one(backend: Backend) -> None:
    attempt = backend.plan()
    first = make_report(attempt, ended_by="error", end_reason="broken", wants_person=True, score=None)
    second = make_report(
        attempt,
        part=1,
        started_at=NOON + timedelta(seconds=50),
        ended_at=NOON + timedelta(seconds=100),
        ended_by="agent",
        opted_out=True,
    )
    for report in (second, first, second):
        backend.reports.add(report)

    whole = backend.reports.get(attempt.id)
    assert whole is not None
    assert (whole.part, whole.ended_by, whole.opted_out, whole.wants_person) == (1, "agent", True, True)
    assert (whole.started_at, whole.ended_at, whole.score) == (first.started_at, second.ended_at, 40)
    assert [(turn.number, turn.started) for turn in whole.turns] == [(1, 0.2), (2, 4.0), (3, 50.2), (4, 54.0)]
    assert backend.outbox.waiting() == {"close": 2}
    assert len(backend.tasks.open_tasks()) == 1


def test_a_brief_of_who_calls_back_knows_of_the_last_talk(backend: Backend) -> None:
    agent = make_agent()
    backend.appointments.add_agent(agent)
    lead = backend.add_lead()
    earlier = backend.plan(lead)
    fact = ReportedFact(field="timeline", value="1_3m", turn=2, quote="two months", confidence=1.0)
    backend.reports.add(make_report(earlier, facts=(fact,)))
    backend.appointments.book(make_appointment(agent, lead, attempt_id=earlier.id))
    backend.leads.save(replace(backend.leads.get(lead.id), promised_at=NOON + timedelta(days=2)))
    attempt = admit(backend, ringing_in(lead), backend.leads.get(lead.id))

    brief = backend.briefs.get(attempt.id)

    assert (brief.direction, brief.opening_text) == ("inbound", inbound_text(SELLER.registered_name))
    assert [(known.field, known.value, known.quote) for known in brief.known] == [("timeline", "1_3m", "two months")]
    assert brief.spoken_at == NOON + timedelta(minutes=1)
    assert brief.promised_at == NOON + timedelta(days=2)
    assert brief.booked is not None
    assert (brief.booked.agent_name, brief.booked.starts_at) == ("Grace", NOON + timedelta(days=1))


def test_a_brief_knows_which_call_was_missed(backend: Backend) -> None:
    lead = backend.add_lead()
    missed = backend.plan(lead)
    backend.calls.begin_dialing(missed.id, worker="w1", slot_epoch="e1", now=NOON)
    attempt = admit(backend, ringing_in(lead), lead)

    brief = backend.briefs.get(attempt.id)

    assert (brief.missed_at, brief.spoken_at, brief.known, brief.booked) == (NOON, None, (), None)
    assert backend.briefs.get(missed.id).missed_at is None


def test_a_brief_of_a_later_part_begins_with_an_apology(backend: Backend) -> None:
    attempt = backend.plan()
    words = recovery_text(SELLER.registered_name)
    backend.prompts.save_prompt(
        Prompt(
            campaign_id=CAMPAIGN_ID,
            voice="en-us",
            kind=PromptKind.RECOVERY,
            text=words,
            audio=b"\x01\x02",
            rendered_at=NOON,
        )
    )

    brief = backend.briefs.get(attempt.id, part=1)

    assert (brief.part, brief.opening_text, brief.opening_audio) == (1, words, b"\x01\x02")
    assert not brief.goes_on


def test_a_brief_of_a_later_part_knows_what_was_told_before_the_line_broke(backend: Backend) -> None:
    attempt = backend.plan()
    fact = ReportedFact(field="timeline", value="1_3m", turn=2, quote="two months", confidence=1.0)
    backend.reports.add(make_report(attempt, facts=(fact,), ended_by="error"))

    brief = backend.briefs.get(attempt.id, part=1)

    assert (brief.goes_on, [known.field for known in brief.known]) == (True, ["timeline"])
    assert not backend.briefs.get(attempt.id).goes_on


def test_a_prompt_in_other_words_is_spoken_anew(backend: Backend) -> None:
    attempt = backend.plan()
    backend.prompts.save_prompt(
        Prompt(
            campaign_id=CAMPAIGN_ID,
            voice="en-us",
            kind=PromptKind.RECOVERY,
            text="Old words.",
            audio=b"\x01",
            rendered_at=NOON,
        )
    )

    assert backend.briefs.get(attempt.id, part=2).opening_audio == b""


@pytest.mark.parametrize("policy", list(VoicemailPolicy))
def test_a_brief_has_a_message_only_where_the_campaign_leaves_one(backend: Backend, policy: VoicemailPolicy) -> None:
    plan = CallingPlan(voicemail=policy, voicemail_text="Call us about your home", opt_out_number="+18005550100")
    backend.campaigns.save(replace(make_campaign(), plan=plan))
    attempt = backend.plan()

    brief = backend.briefs.get(attempt.id)

    assert brief.voicemail_text == prompt_texts(SELLER, plan).get(PromptKind.VOICEMAIL, "")
    assert ("8 0 0 5 5 5 0 1 0 0" in brief.voicemail_text) is (policy is VoicemailPolicy.MESSAGE)


def test_callers_are_put_through_while_the_desk_is_open(backend: Backend) -> None:
    attempt = backend.plan()
    open_now = InboundDesk(
        seller_id=SELLER.id,
        hours=(DayHours(weekday=2, opens=time(9), closes=time(17)),),
        timezone="America/Chicago",
        transfer_to="+13125550177",
    )
    backend.inbound.save_desk(open_now)
    assert backend.briefs.get(attempt.id).transfer_to == "+13125550177"

    backend.inbound.save_desk(replace(open_now, timezone="Asia/Tokyo"))
    assert backend.briefs.get(attempt.id).transfer_to is None


def test_who_speaks_another_language_leaves_a_task_that_says_which(backend: Backend) -> None:
    attempt = backend.plan()
    backend.reports.add(make_report(attempt, language_barrier=True, callback_language="es"))

    [task] = backend.tasks.open_tasks()
    assert (task.reason, task.language, task.due_at) == (TaskReason.LANGUAGE, "es", NOON + timedelta(minutes=1))
    backend.leads.save(replace(backend.leads.get(attempt.lead_id), spoken_at=NOON + timedelta(hours=5)))
    assert len(backend.tasks.open_tasks()) == 1
