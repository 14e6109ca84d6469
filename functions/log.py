"""The log of every handler: Powertools' JSON lines without personal data."""

import logging
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from shared.logs import without_rows

EXCEPTIONS = {"exception", "stack_trace"}


class Formatter(LambdaPowertoolsFormatter):
    """Powertools' JSON lines without personal data."""

    def serialize(self, log: Mapping[str, Any]) -> str:
        """The line; keys under ``pii.``, and rows that the database quotes in its errors, stay out of it."""
        kept = {key: value for key, value in log.items() if not key.startswith("pii.")}
        for key in EXCEPTIONS & kept.keys():
            kept[key] = _without_rows(kept[key])
        return super().serialize(kept)


def _without_rows(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _without_rows(value) for key, value in told.items()}
    return without_rows(str(told)) if isinstance(told, str | BaseException) else told


logger = Logger(service="reauto", logger_formatter=Formatter(), log_uncaught_exceptions=False)
logging.getLogger("reauto").propagate = False  # the root logger would print every line again
