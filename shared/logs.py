"""Structured logs: one JSON object a line, personal data only where development allows it."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """One line per record: time, level, logger, message and the record's own keys.

    Keys that begin with ``pii.`` are dropped unless ``show_personal_data``.
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
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def configure(*, level: str = "INFO", show_personal_data: bool = False) -> None:
    """Send every logger of the process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(show_personal_data=show_personal_data))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
