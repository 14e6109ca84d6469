"""What counsel signed off, in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Engine, select

from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.ids import SellerId
from shared.storage.engine import reading
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.tables import sign_offs


class SqlSignOffRepository:
    """``SignOffRepository`` over the ``sign_offs`` table. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, sign_off: SignOff) -> None:
        with self._engine.begin() as db:
            add_once(db, sign_offs, row_of(sign_off))

    def of_seller(self, seller_id: SellerId) -> Sequence[SignOff]:
        query = select(sign_offs).where(sign_offs.c.seller_id == seller_id).order_by(sign_offs.c.signed_at)
        with reading(self._engine) as db:
            newest = {row["state"]: row for row in db.execute(query).mappings()}
        return [
            SignOff(**values_of(newest[state], SignOff) | {"policy": StatePolicy(newest[state]["policy"])})
            for state in sorted(newest)
        ]
