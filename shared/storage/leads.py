"""Leads in PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from shared.kernel.errors import NotFound
from shared.kernel.ids import CampaignId, LeadId
from shared.kernel.week import week_as_json, week_of_json
from shared.leads import Consent, Lead, LeadKind, LeadStatus
from shared.storage import tables
from shared.storage.consents import consent_row
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.statements import Statements

GET = "select * from leads where id = %(id)s"


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
        with self._engine.connect() as db:
            return frozenset(db.execute(query).scalars())

    def of_campaign(self, campaign_id: CampaignId) -> Sequence[Lead]:
        query = select(tables.leads).where(tables.leads.c.campaign_id == campaign_id).order_by(tables.leads.c.seq)
        with self._engine.connect() as db:
            return [lead_of(row) for row in db.execute(query).mappings()]

    def of_phone(self, phone: str) -> Sequence[Lead]:
        query = select(tables.leads).where(tables.leads.c.phone == phone).order_by(tables.leads.c.seq)
        with self._engine.connect() as db:
            return [lead_of(row) for row in db.execute(query).mappings()]

    def save(self, lead: Lead) -> None:
        with self._engine.begin() as db:
            put_lead(db, lead)


def put_lead(db: Connection, lead: Lead) -> None:
    """Write a lead inside someone else's transaction; the database keeps an opted-out lead opted out."""
    put_row(db, tables.leads, lead_row(lead))


def lead_row(lead: Lead) -> dict[str, Any]:
    """The lead as a row of ``leads``."""
    return row_of(lead) | {"hours": week_as_json(lead.hours)}


def lead_of(row: Mapping[Any, Any]) -> Lead:
    """The lead that a row of ``leads`` tells of."""
    words = {"kind": LeadKind(row["kind"]), "status": LeadStatus(row["status"]), "hours": week_of_json(row["hours"])}
    return Lead(**values_of(row, Lead) | words)
