"""Briefs and reports in memory."""

from shared.adapters.memory.appointments import MemoryAppointmentRepository
from shared.adapters.memory.inbound import MemoryInboundRepository
from shared.adapters.memory.store import MemoryStore
from shared.calls import CallAttempt, Direction
from shared.calls.tasks import TaskReason
from shared.campaigns import Campaign, VoicemailPolicy
from shared.campaigns.script_ref import ScriptRef, script_wanted
from shared.conversation import CallBrief, CallReport
from shared.conversation.context import Context, Words, context_parts
from shared.conversation.offer import Offer, clock_of_person, next_of, slot_of
from shared.conversation.parts import merged
from shared.conversation.prompt_templates import reply_version
from shared.conversation.script_versions import BUILT_IN, ScriptVersion
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage


class MemoryBriefRepository:
    """``BriefRepository`` in memory."""

    def __init__(self, store: MemoryStore, clock: Clock, *, offer: Offer | None = None) -> None:
        self._store = store
        self._clock = clock
        self._offer = offer or Offer()

    def get(self, attempt_id: AttemptId, *, part: int = 0) -> CallBrief:
        with self._store.lock:
            attempt = self._store.attempts.get(attempt_id)
            if attempt is None or attempt.is_over:
                raise NotFound(f"no attempt {attempt_id} that goes on")
            lead = self._store.leads[attempt.lead_id]
            campaign = self._store.campaigns[attempt.campaign_id]
            seller = self._store.sellers[attempt.seller_id]
            experiment = campaign.plan.experiment
            variant = experiment.named(attempt.variant) if experiment else None
            voice = (variant and variant.voice) or campaign.voice
            context = self._context(attempt, campaign, voice)
            is_inbound = attempt.direction is Direction.INBOUND
            wanted = script_wanted(campaign, variant, is_inbound=is_inbound, is_stranger=not lead.first_name)
            spoken = self._version(ScriptRef.of(wanted), attempt)
        now = self._clock.now()
        earliest, latest = self._offer.window(now)
        calendar = MemoryAppointmentRepository(self._store)
        agents = calendar.agents(seller.id)
        booked = calendar.booked(seller.id, starts_from=earliest, until=latest)
        own = next_of(calendar.of_lead(lead.id), now=now)
        return CallBrief(
            attempt_id=attempt.id,
            campaign_id=campaign.id,
            seller_id=seller.id,
            lead_id=lead.id,
            seller_name=seller.registered_name,
            callback_number=seller.callback_number,
            agent_voice=voice,
            script=ScriptRef.of(wanted).name,
            script_version=spoken.number if spoken else BUILT_IN,
            script_body=spoken.body if spoken else "",
            prompt=reply_version(variant.prompt if variant else None),
            first_name=lead.first_name,
            last_name=lead.last_name,
            lead_kind=lead.kind,
            subject=lead.subject,
            source=lead.source,
            asked_at=lead.asked_at,
            timezone=clock_of_person(lead.timezone, phone=attempt.phone, agents=agents),
            phone=attempt.phone,
            slots=self._offer.slots(agents, booked, now=now),
            booked=own and slot_of(own, agents),
            booked_id=own and own.id,
            time_limit=attempt.time_limit or campaign.time_limit,
            direction="inbound" if is_inbound else "outbound",
            **context_parts(context, direction=attempt.direction, company=seller.registered_name, part=part, now=now),
        )

    def _version(self, ref: ScriptRef, attempt: CallAttempt) -> ScriptVersion | None:
        """What a call is held with: its own version, or the newest that was there when it was planned."""
        versions = [each for (name, _), each in sorted(self._store.script_versions.items()) if name == ref.name]
        if ref.number is not None:
            return next((each for each in versions if each.number == ref.number), None)
        there = [each for each in versions if each.published_at and each.published_at <= attempt.planned_at]
        return there[-1] if there else None

    def _context(self, attempt: CallAttempt, campaign: Campaign, voice: str) -> Context:
        opening = self._store.openings.get((campaign.id, voice))
        before = self._store.attempts.where("lead", attempt.lead_id)
        talks = [
            report
            for each in before
            for report in self._store.reports.get(each.id, {}).values()
            if report.heard == "human"
        ]
        last = max(talks, key=lambda report: report.ended_at, default=None)
        missed = [
            each.dial_started_at
            for each in before
            if each.id != attempt.id and each.direction is Direction.OUTBOUND and each.streamed_at is None
            if each.dial_started_at is not None
        ]
        plan = campaign.plan
        return Context(
            opening=Words(text=opening.text, audio=opening.audio) if opening else Words(),
            prompts=[
                each for each in self._store.prompts.values() if (each.campaign_id, each.voice) == (campaign.id, voice)
            ],
            facts=[fact.model_dump(mode="json") for fact in last.facts] if last else (),
            spoken_at=last.ended_at if last else None,
            goes_on=last is not None and last.attempt_id == attempt.id,
            missed_at=max(missed, default=None),
            promised_at=self._store.leads[attempt.lead_id].promised_at,
            voicemail_words=plan.voicemail_text if plan.voicemail is VoicemailPolicy.MESSAGE else None,
            opt_out_number=plan.opt_out_number,
            desk=MemoryInboundRepository(self._store).desk(attempt.seller_id),
            recorded=plan.recorded,
            off_the_record=any(
                report.off_the_record for each in before for report in self._store.reports.get(each.id, {}).values()
            ),
            recordings=tuple(
                report.recording_path
                for _, report in sorted(self._store.reports.get(attempt.id, {}).items())
                if report.recording_path is not None
            ),
        )


class MemoryReportRepository:
    """``ReportRepository`` in memory; a report asks for the closing of its call."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, report: CallReport) -> None:
        with self._store.lock:
            attempt = self._store.attempts.get(report.attempt_id)
            if attempt is None:
                raise NotFound(f"no attempt {report.attempt_id}")
            parts = self._store.reports.setdefault(report.attempt_id, {})
            if report.part in parts:
                return
            parts[report.part] = report
            if report.wants_person or report.callback_language:
                reason = TaskReason.WANTS_PERSON if report.wants_person else TaskReason.LANGUAGE
                due_at, language = report.callback_at or report.ended_at, report.callback_language or None
                self._store.add_task(attempt, reason, due_at=due_at, now=report.ended_at, language=language)
            closing = {"attempt_id": report.attempt_id}
            self._store.put_messages(NewMessage(topic="close", body=closing, group=attempt.campaign_id))

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        with self._store.lock:
            return merged(list(self._store.reports.get(attempt_id, {}).values()))
