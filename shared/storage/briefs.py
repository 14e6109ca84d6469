"""What the voice node needs for a call, read from the views that its role may see."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select

from shared.appointments import Agent
from shared.calls.desk import InboundDesk
from shared.campaigns.prompts import Prompt
from shared.conversation import CallBrief, OpenSlot
from shared.conversation.context import Context, Words, context_parts
from shared.conversation.offer import Offer, clock_of_person, next_of, slot_of
from shared.conversation.prompt_templates import reply_version
from shared.conversation.script_versions import BUILT_IN
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.week import week_of_json
from shared.storage.appointments import agent_of, appointment_of
from shared.storage.engine import reading
from shared.storage.prompts import prompt_of
from shared.storage.tables import prompts
from shared.storage.tables.views import brief_agents, brief_booked, brief_context, briefs

AS_THEY_ARE = (
    "attempt_id",
    "campaign_id",
    "seller_id",
    "lead_id",
    "callback_number",
    "script",
    "first_name",
    "last_name",
    "subject",
    "source",
    "asked_at",
    "phone",
    "time_limit",
    "direction",
)
CONTEXT = (
    *(
        brief_context.c[name]
        for name in (
            "facts",
            "spoken_at",
            "goes_on",
            "missed_at",
            "promised_at",
            "voicemail_text",
            "opt_out_number",
            "transfer_to",
            "recorded",
            "off_the_record",
            "recordings",
        )
    ),
    brief_context.c.hours.label("desk_hours"),
    brief_context.c.timezone.label("desk_timezone"),
)


class SqlBriefRepository:
    """``BriefRepository`` over the views ``briefs`` and ``brief_…``, and the prompts.

    Args:
        clock: Tells which slots are still ahead.
        offer: Which of the agents' time is offered.
    """

    def __init__(self, engine: Engine, clock: Clock, *, offer: Offer | None = None) -> None:
        self._engine = engine
        self._present = clock.now
        self._offer = offer or Offer()

    def get(self, attempt_id: AttemptId, *, part: int = 0) -> CallBrief:
        now = self._present()
        earliest, latest = self._offer.window(now)
        call = select(briefs, *CONTEXT).join(brief_context, brief_context.c.attempt_id == briefs.c.attempt_id)
        with reading(self._engine) as db:
            row = db.execute(call.where(briefs.c.attempt_id == attempt_id)).mappings().one_or_none()
            if row is None:
                raise NotFound(f"no attempt {attempt_id} that goes on")
            staff = select(brief_agents).where(brief_agents.c.seller_id == row["seller_id"])
            staff = staff.order_by(brief_agents.c.name, brief_agents.c.id)
            agents = [agent_of(each) for each in db.execute(staff).mappings()]
            overlaps = (brief_booked.c.starts_at < latest) & (brief_booked.c.ends_at > earliest)
            own = (brief_booked.c.lead_id == row["lead_id"]) & (brief_booked.c.starts_at > now)
            kept = select(brief_booked).where(brief_booked.c.seller_id == row["seller_id"], overlaps | own)
            booked = [appointment_of(each) for each in db.execute(kept).mappings()]
            says_more = part or row["direction"] == "inbound" or row["voicemail_text"]
            ready = _prompts(db, row) if says_more else ()
        slots = self._offer.slots(agents, booked, now=now)
        brief = _brief(row, agents, slots, _context(row, ready), part=part, now=now)
        mine = next_of([each for each in booked if each.lead_id == brief.lead_id], now=now)
        if mine is None:
            return brief
        return brief.model_copy(update={"booked": slot_of(mine, agents), "booked_id": mine.id})


def _prompts(db: Connection, row: RowMapping) -> list[Prompt]:
    ready = select(prompts).where(prompts.c.campaign_id == row["campaign_id"], prompts.c.voice == row["voice"])
    return [prompt_of(each) for each in db.execute(ready).mappings()]


def _context(row: RowMapping, ready: Sequence[Prompt]) -> Context:
    desk = None
    if row["desk_timezone"] is not None:
        desk = InboundDesk(
            seller_id=row["seller_id"],
            hours=week_of_json(row["desk_hours"]),
            timezone=row["desk_timezone"],
            transfer_to=row["transfer_to"],
        )
    return Context(
        opening=Words(text=row["opening_text"] or "", audio=row["opening_audio"] or b""),
        prompts=ready,
        facts=row["facts"] or (),
        spoken_at=row["spoken_at"],
        goes_on=bool(row["goes_on"]),
        missed_at=row["missed_at"],
        promised_at=row["promised_at"],
        voicemail_words=row["voicemail_text"],
        opt_out_number=row["opt_out_number"],
        desk=desk,
        recorded=row["recorded"],
        off_the_record=row["off_the_record"],
        recordings=tuple(row["recordings"] or ()),
    )


def _brief(
    row: RowMapping,
    agents: Sequence[Agent],
    slots: tuple[OpenSlot, ...],
    context: Context,
    *,
    part: int,
    now: datetime,
) -> CallBrief:
    return CallBrief(
        **{name: row[name] for name in AS_THEY_ARE},
        seller_name=row["registered_name"],
        script_version=row["script_version"] or BUILT_IN,
        script_body=row["script_body"] or "",
        agent_voice=row["voice"],
        lead_kind=row["kind"],
        prompt=reply_version(row["prompt"]),
        timezone=clock_of_person(row["timezone"], phone=row["phone"], agents=agents),
        slots=slots,
        **context_parts(context, direction=row["direction"], company=row["registered_name"], part=part, now=now),
    )
