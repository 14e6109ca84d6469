"""Leads in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from shared.campaigns import CampaignState
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, LeadId
from shared.kernel.week import week_as_json, week_of_json
from shared.leads import Consent, Lead, LeadKind, LeadStatus
from shared.leads.lead import PLACE
from shared.leads.ports import CampaignOver
from shared.storage import tables
from shared.storage.consents import consent_row
from shared.storage.engine import reading
from shared.storage.rows import noun_of, put_row, row_of, told
from shared.storage.statements import Db, Statements

GET = "select * from leads where id = %(id)s"
MOVE = """
update leads l set {written}
from jsonb_populate_record(null::leads, %(lead)s) n, jsonb_populate_record(null::leads, %(was)s) w
where l.id = n.id and {stands} returning l.id
"""
STANDS = " and ".join(f"l.{name} is not distinct from w.{name}" for name in PLACE)


class SqlLeadRepository:
    """``LeadRepository`` over the ``leads`` table. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

    def get(self, lead_id: LeadId) -> Lead:
        row = self._statements.row(GET, {"id": lead_id})
        if row is None:
            raise NotFound(f"no lead {lead_id}")
        return lead_of(row)

    def add(self, leads: Sequence[Lead], consents: Sequence[Consent]) -> frozenset[LeadId]:
        if not leads:
            return frozenset()
        keep = insert(tables.leads).on_conflict_do_nothing().returning(tables.leads.c.id)
        with self._engine.begin() as db:
            _hold_open(db, {lead.campaign_id for lead in leads if lead.campaign_id is not None})
            kept = frozenset(
                LeadId(lead_id) for lead_id in db.execute(keep, [lead_row(lead) for lead in leads]).scalars()
            )
            people = {(lead.seller_id, lead.phone) for lead in leads if lead.id in kept}
            proofs = [consent_row(consent) for consent in consents if (consent.seller_id, consent.phone) in people]
            if proofs:
                db.execute(insert(tables.consents).on_conflict_do_nothing(), proofs)
        return kept

    def known_phones(self, campaign_id: CampaignId, phones: Sequence[str]) -> frozenset[str]:
        query = select(tables.leads.c.phone).where(
            tables.leads.c.campaign_id == campaign_id, tables.leads.c.phone.in_(phones)
        )
        with reading(self._engine) as db:
            return frozenset(db.execute(query).scalars())

    def of_campaign(self, campaign_id: CampaignId) -> Sequence[Lead]:
        query = select(tables.leads).where(tables.leads.c.campaign_id == campaign_id).order_by(tables.leads.c.seq)
        with reading(self._engine) as db:
            return [lead_of(row) for row in db.execute(query).mappings()]

    def of_phone(self, phone: str) -> Sequence[Lead]:
        query = select(tables.leads).where(tables.leads.c.phone == phone).order_by(tables.leads.c.seq)
        with reading(self._engine) as db:
            return [lead_of(row) for row in db.execute(query).mappings()]

    def save(self, lead: Lead, *, was: Lead | None = None) -> None:
        if was is None:
            with self._engine.begin() as db:
                put_lead(db, lead)
            return
        with self._statements.together() as db:
            move_lead(db, lead, was=was)


def put_lead(db: Connection, lead: Lead) -> None:
    """Write a lead inside someone else's transaction; the database keeps an opted-out lead opted out."""
    put_row(db, tables.leads, lead_row(lead))


def move_lead(db: Db, lead: Lead, *, was: Lead | None) -> None:
    """Write a lead that is there; the database keeps an opted-out lead opted out.

    With ``was`` only what differs from it, as ``LeadRepository.save`` says.

    Raises:
        Conflict: The lead moved since it was read as ``was``.
    """
    row = told(lead_row(lead))
    before = told(lead_row(was)) if was else {"id": lead.id}
    changed = sorted(name for name, value in row.items() if name not in before or value != before[name])
    written = ", ".join(f"{name} = n.{name}" for name in changed or ("status",))
    statement = MOVE.format(written=written, stands=STANDS if was else "true")
    if db.execute(statement, {"lead": Jsonb(row), "was": Jsonb(before)}).fetchone() is None:
        raise Conflict(f"lead {lead.id} is no longer {was.status.value if was else 'there'}")


def _hold_open(db: Connection, campaign_ids: Collection[CampaignId]) -> None:
    """Keep campaigns from being completed until the leads are in.

    Raises:
        CampaignOver: One is completed already.
    """
    campaigns = tables.campaigns.c
    theirs = select(campaigns.id, campaigns.state).where(campaigns.id.in_(campaign_ids)).order_by(campaigns.id)
    for campaign in db.execute(theirs.with_for_update(read=True, key_share=True)):
        if campaign.state == CampaignState.COMPLETED:
            raise CampaignOver(CampaignId(campaign.id))


def lead_row(lead: Lead) -> dict[str, Any]:
    """The lead as a row of ``leads``."""
    return row_of(lead) | {"hours": week_as_json(lead.hours)}


def lead_of(row: Mapping[Any, Any]) -> Lead:
    """The lead that a row of ``leads`` tells of."""
    words = {"kind": LeadKind(row["kind"]), "status": LeadStatus(row["status"]), "hours": week_of_json(row["hours"])}
    return noun_of(row, Lead, words)
