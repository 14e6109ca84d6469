"""Structured logs: one JSON object a line, personal data only where development allows it."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

DETAIL = re.compile(r"^DETAIL:.*?(?=^(?:CONTEXT|HINT|LOCATION|\[SQL)|^\s*$|\Z)", re.MULTILINE | re.DOTALL)
"""What PostgreSQL adds to a violated constraint: the row itself, with names and numbers."""
STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def without_rows(text: str) -> str:
    """The text of an error without the rows that the database quotes in it."""
    return DETAIL.sub("DETAIL: (left out)\n", text)


class JsonFormatter(logging.Formatter):
    """One line per record: time, level, logger, message and the record's own keys.

    Keys that begin with ``pii.``, and rows quoted by the database, are dropped unless ``show_personal_data``.
    """

    def __init__(self, *, show_personal_data: bool = False) -> None:
        super().__init__()
        self._show_personal_data = show_personal_data

    def format(self, record: logging.LogRecord) -> str:
        """The record as one JSON object."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for key, value in record.__dict__.items():
            if key in STANDARD or (key.startswith("pii.") and not self._show_personal_data):
                continue
            line[key] = value
        if record.exc_info:
            error = self.formatException(record.exc_info)
            line["error"] = error if self._show_personal_data else without_rows(error)
        return json.dumps(line, default=str, ensure_ascii=False)


def configure(*, level: str = "INFO", show_personal_data: bool = False) -> None:
    """Send every logger of the process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(show_personal_data=show_personal_data))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
