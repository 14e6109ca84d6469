"""What the environment decides about measuring: where the sets lie that are not part of the product."""

from pathlib import Path

from pydantic import Field

from shared.settings import Settings


class EvaluationSettings(Settings):
    """``reference`` is the folder whose ``data/sgd_homes`` holds labelled dialogues."""

    reference: Path | None = Field(default=None, validation_alias="REAUTO_REFERENCE")
