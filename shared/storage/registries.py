"""Copies of do-not-call registries in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, text, update

from shared.kernel.errors import Conflict, NotFound
from shared.leads.registry import EmptyCopy, Listing, OlderCopy, Registry, RegistryCopy, newest_listings
from shared.storage.engine import reading
from shared.storage.rows import row_of, values_of
from shared.storage.tables import registry_copies as copies
from shared.storage.tables import registry_numbers as numbers

IN_USE = copies.c.finished_at.is_not(None) & copies.c.superseded_at.is_(None)
# One array is one parameter: a hundred thousand numbers go in with one statement.
ADD = text(
    "insert into registry_numbers (copy_id, digits) select :copy_id, unnest(cast(:digits as bigint[])) "
    "on conflict do nothing"
)


class SqlRegistryRepository:
    """``RegistryRepository`` over ``registry_copies`` and ``registry_numbers``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, copy: RegistryCopy) -> None:
        with self._engine.begin() as db:
            newer = [known for known in _in_use(db, copy) if known.taken_on > copy.taken_on and known.meets(copy)]
            if newer:
                raise OlderCopy(f"a copy taken on {max(known.taken_on for known in newer)} is in use")
            _give_up_older(db, copy)
            db.execute(
                insert(copies).values(row_of(copy) | {"area_codes": list(copy.area_codes), "superseded_at": None})
            )

    def get(self, copy_id: str) -> RegistryCopy:
        with reading(self._engine) as db:
            row = db.execute(select(copies).where(copies.c.id == copy_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no registry copy {copy_id} was begun")
        return copy_of(row)

    def add_numbers(self, copy_id: str, phones: Sequence[str]) -> None:
        with self._engine.begin() as db:
            if _locked(db, copy_id).finished_at is not None:
                raise Conflict(f"the registry copy {copy_id} is finished")
            db.execute(ADD, {"copy_id": copy_id, "digits": [digits_of(phone) for phone in phones]})

    def finish(self, copy_id: str, *, at: datetime, is_empty: bool = False) -> RegistryCopy:
        with self._engine.begin() as db:
            copy = _locked(db, copy_id)
            if copy.finished_at is not None:
                return copy
            counted = select(func.count()).where(numbers.c.copy_id == copy_id)
            ready = (
                update(copies).where(copies.c.id == copy_id).values(finished_at=at, numbers=counted.scalar_subquery())
            )
            finished = copy_of(db.execute(ready.returning(copies)).mappings().one())
            if not finished.numbers and not is_empty:
                raise EmptyCopy(copy_id)
            for older in _in_use(db, finished):
                if older.id != copy_id and finished.replaces(older):
                    db.execute(update(copies).where(copies.c.id == older.id).values(superseded_at=at))
                    db.execute(delete(numbers).where(numbers.c.copy_id == older.id))
        return finished

    def copies(self) -> Sequence[RegistryCopy]:
        query = select(copies).where(copies.c.finished_at.is_not(None))
        query = query.order_by(copies.c.taken_on.desc(), copies.c.finished_at.desc())
        with reading(self._engine) as db:
            return [copy_of(row) for row in db.execute(query).mappings()]

    def listings(self, phone: str, *, states: Sequence[str]) -> Sequence[Listing]:
        is_theirs = (copies.c.registry == Registry.NATIONAL) | copies.c.state.in_(states)
        names_it = select(numbers.c.digits).where(
            numbers.c.copy_id == copies.c.id, numbers.c.digits == digits_of(phone)
        )
        query = select(copies, names_it.exists().label("is_listed")).where(IN_USE, is_theirs)
        query = query.order_by(copies.c.taken_on.desc(), copies.c.finished_at.desc())
        with reading(self._engine) as db:
            rows = [(copy_of(row), bool(row["is_listed"])) for row in db.execute(query).mappings()]
        return newest_listings(rows, phone)


def digits_of(phone: str) -> int:
    """The digits of a number in E.164."""
    return int(phone.removeprefix("+"))


def copy_of(row: RowMapping) -> RegistryCopy:
    """The copy that a row tells of."""
    words = {"registry": Registry(row["registry"]), "area_codes": tuple(row["area_codes"])}
    return RegistryCopy(**values_of(row, RegistryCopy) | words)


def _give_up_older(db: Connection, beside: RegistryCopy) -> None:
    """Drop copies that were begun a day before and never finished; nothing can be put into them any more."""
    is_old = copies.c.finished_at.is_(None) & (copies.c.begun_at < beside.begun_at - timedelta(days=1))
    gone = update(copies).where(is_old, copies.c.superseded_at.is_(None)).values(superseded_at=beside.begun_at)
    given_up = db.execute(gone.returning(copies.c.id)).scalars().all()
    if given_up:
        db.execute(delete(numbers).where(numbers.c.copy_id.in_(given_up)))


def _locked(db: Connection, copy_id: str) -> RegistryCopy:
    row = db.execute(select(copies).where(copies.c.id == copy_id).with_for_update()).mappings().one_or_none()
    if row is None or (row["superseded_at"] is not None and row["finished_at"] is None):
        raise NotFound(f"no registry copy {copy_id} was begun")
    return copy_of(row)


def _in_use(db: Connection, like: RegistryCopy) -> list[RegistryCopy]:
    same = (copies.c.registry == like.registry) & copies.c.state.is_not_distinct_from(like.state)
    return [copy_of(row) for row in db.execute(select(copies).where(IN_USE, same)).mappings()]
