"""What the voice node needs for a call, read from the views that its role may see."""

from collections.abc import Sequence

from sqlalchemy import Engine, RowMapping, select

from shared.appointments import Agent
from shared.conversation import CallBrief, OpenSlot
from shared.conversation.offer import Offer, clock_of_person
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.storage.appointments import agent_of, appointment_of
from shared.storage.tables.views import brief_agents, brief_booked, briefs

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


class SqlBriefRepository:
    """``BriefRepository`` over the views ``briefs``, ``brief_agents`` and ``brief_booked``.

    Args:
        clock: Tells which slots are still ahead.
        offer: Which of the agents' time is offered.
    """

    def __init__(self, engine: Engine, clock: Clock, *, offer: Offer | None = None) -> None:
        self._engine = engine
        self._present = clock.now
        self._offer = offer or Offer()

    def get(self, attempt_id: AttemptId) -> CallBrief:
        now = self._present()
        earliest, latest = self._offer.window(now)
        with self._engine.connect() as db:
            row = db.execute(select(briefs).where(briefs.c.attempt_id == attempt_id)).mappings().one_or_none()
            if row is None:
                raise NotFound(f"no attempt {attempt_id} that goes on")
            staff = select(brief_agents).where(brief_agents.c.seller_id == row["seller_id"])
            staff = staff.order_by(brief_agents.c.name, brief_agents.c.id)
            agents = [agent_of(each) for each in db.execute(staff).mappings()]
            overlaps = (brief_booked.c.starts_at < latest) & (brief_booked.c.ends_at > earliest)
            kept = select(brief_booked).where(brief_booked.c.seller_id == row["seller_id"], overlaps)
            booked = [appointment_of(each) for each in db.execute(kept).mappings()]
        return _brief(row, agents, self._offer.slots(agents, booked, now=now))


def _brief(row: RowMapping, agents: Sequence[Agent], slots: tuple[OpenSlot, ...]) -> CallBrief:
    return CallBrief(
        **{name: row[name] for name in AS_THEY_ARE},
        seller_name=row["registered_name"],
        agent_voice=row["voice"],
        opening_text=row["opening_text"] or "",
        opening_audio=row["opening_audio"] or b"",
        lead_kind=row["kind"],
        timezone=clock_of_person(row["timezone"], phone=row["phone"], agents=agents),
        slots=slots,
    )
