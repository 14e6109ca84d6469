"""Scripts and their versions in PostgreSQL."""

from collections.abc import Sequence

from psycopg.errors import UniqueViolation
from sqlalchemy import Engine, collate, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.conversation.script_versions import ScriptDraft, ScriptHead, ScriptVersion
from shared.kernel.errors import Conflict
from shared.storage.engine import reading
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.tables import script_drafts, script_versions, scripts


class SqlScriptRepository:
    """``ScriptRepository`` over ``scripts``, ``script_versions`` and ``script_drafts``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def heads(self) -> Sequence[ScriptHead]:
        with reading(self._engine) as db:
            rows = db.execute(select(scripts).order_by(collate(scripts.c.name, "C"))).mappings()
            return [ScriptHead(**values_of(row, ScriptHead)) for row in rows]

    def head(self, name: str) -> ScriptHead | None:
        with reading(self._engine) as db:
            row = db.execute(select(scripts).where(scripts.c.name == name)).mappings().one_or_none()
        return ScriptHead(**values_of(row, ScriptHead)) if row else None

    def versions(self, name: str) -> Sequence[ScriptVersion]:
        query = select(script_versions).where(script_versions.c.name == name).order_by(script_versions.c.number)
        with reading(self._engine) as db:
            return [ScriptVersion(**values_of(row, ScriptVersion)) for row in db.execute(query).mappings()]

    def version(self, name: str, number: int) -> ScriptVersion | None:
        is_it = (script_versions.c.name == name) & (script_versions.c.number == number)
        with reading(self._engine) as db:
            row = db.execute(select(script_versions).where(is_it)).mappings().one_or_none()
        return ScriptVersion(**values_of(row, ScriptVersion)) if row else None

    def numbers(self) -> Sequence[tuple[ScriptHead, int]]:
        newest = func.max(script_versions.c.number).label("newest")
        query = select(scripts, newest).join(script_versions, script_versions.c.name == scripts.c.name)
        query = query.group_by(scripts.c.name).order_by(collate(scripts.c.name, "C"))
        with reading(self._engine) as db:
            rows = db.execute(query).mappings()
            return [(ScriptHead(**values_of(row, ScriptHead)), int(row["newest"])) for row in rows]

    def drafts(self) -> Sequence[ScriptDraft]:
        with reading(self._engine) as db:
            rows = db.execute(select(script_drafts).order_by(collate(script_drafts.c.name, "C"))).mappings()
            return [ScriptDraft(**values_of(row, ScriptDraft)) for row in rows]

    def draft(self, name: str) -> ScriptDraft | None:
        with reading(self._engine) as db:
            row = db.execute(select(script_drafts).where(script_drafts.c.name == name)).mappings().one_or_none()
        return ScriptDraft(**values_of(row, ScriptDraft)) if row else None

    def begin(self, head: ScriptHead, draft: ScriptDraft) -> None:
        with self._engine.begin() as db:
            if not add_once(db, scripts, row_of(head)):
                owner = db.execute(select(scripts.c.seller_id).where(scripts.c.name == head.name)).scalar_one()
                if owner != head.seller_id:
                    raise Conflict(f"script {head.name!r} belongs to somebody else")
            if not add_once(db, script_drafts, row_of(draft)):
                raise Conflict(f"script {draft.name!r} has a draft already")

    def change(self, draft: ScriptDraft, *, was: int) -> None:
        is_it = (script_drafts.c.name == draft.name) & (script_drafts.c.revision == was)
        with self._engine.begin() as db:
            if not db.execute(update(script_drafts).where(is_it).values(row_of(draft))).rowcount:
                raise Conflict(f"the draft of script {draft.name!r} was changed or published meanwhile")

    def drop(self, name: str) -> None:
        with self._engine.begin() as db:
            db.execute(delete(script_drafts).where(script_drafts.c.name == name))

    def publish(self, version: ScriptVersion, *, was: int) -> None:
        is_it = (script_drafts.c.name == version.name) & (script_drafts.c.revision == was)
        try:
            with self._engine.begin() as db:
                if not db.execute(delete(script_drafts).where(is_it)).rowcount:
                    raise Conflict(f"the draft of script {version.name!r} was changed or published meanwhile")
                db.execute(insert(script_versions).values(row_of(version)))
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict(f"version {version.number} of script {version.name!r} is published") from error
            raise
