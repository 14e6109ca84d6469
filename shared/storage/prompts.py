"""What campaigns have ready to say, in PostgreSQL."""

from sqlalchemy import Engine, RowMapping, select

from shared.campaigns.prompts import Prompt, PromptKind
from shared.kernel.ids import CampaignId
from shared.storage.engine import reading
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.tables import prompts


class SqlPromptRepository:
    """``PromptRepository`` over ``prompts``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save_prompt(self, prompt: Prompt) -> None:
        with self._engine.begin() as db:
            put_row(db, prompts, row_of(prompt))

    def prompt(self, campaign_id: CampaignId, *, voice: str, kind: PromptKind) -> Prompt | None:
        query = select(prompts).where(
            prompts.c.campaign_id == campaign_id, prompts.c.voice == voice, prompts.c.kind == kind
        )
        with reading(self._engine) as db:
            row = db.execute(query).mappings().one_or_none()
        return prompt_of(row) if row else None


def prompt_of(row: RowMapping) -> Prompt:
    """The prompt that a row of ``prompts`` tells of."""
    return Prompt(**values_of(row, Prompt) | {"kind": PromptKind(row["kind"])})
