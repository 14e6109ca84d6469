"""Consents in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, update

from shared.leads import Channel, Consent
from shared.storage.engine import reading
from shared.storage.rows import row_of, values_of
from shared.storage.tables import consents


class SqlConsentRepository:
    """``ConsentRepository`` over the ``consents`` table. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_phone(self, phone: str) -> Sequence[Consent]:
        query = select(consents).where(consents.c.phone == phone).order_by(consents.c.obtained_at, consents.c.id)
        with reading(self._engine) as db:
            return [
                Consent(**values_of(row, Consent) | {"channels": frozenset(Channel(word) for word in row["channels"])})
                for row in db.execute(query).mappings()
            ]

    def revoke(self, phone: str, *, at: datetime) -> None:
        standing = (consents.c.phone == phone) & consents.c.revoked_at.is_(None)
        with self._engine.begin() as db:
            db.execute(update(consents).where(standing).values(revoked_at=at))


def consent_row(consent: Consent) -> dict[str, Any]:
    """The row of ``consents`` that keeps it."""
    return row_of(consent) | {"channels": sorted(channel.value for channel in consent.channels)}
