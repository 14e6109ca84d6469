"""The carrier's doors import what they need to answer, and nothing else."""

import subprocess
import sys

import pytest

from infra.cli.bench_imports import import_rows
from tests.architecture.source import ROOT

HEAVY = (
    "alembic", "boto3", "fastapi", "holidays", "phonenumbers", "pydantic", "pydantic_settings", "redis", "requests",
    "sqlalchemy", "twilio.rest", "yaml",
)  # fmt: skip
DOORS = [
    ("functions.answer_call", "functions.answering.answering()", ("botocore.client",)),
    ("functions.recover_call", "functions.answering.answering()", ("botocore.client",)),
    ("functions.receive_status", "functions.receiving.receiving()", ("psycopg",)),
]
SETTINGS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "TWILIO_AUTH_TOKEN": "a-token",
    "PUBLIC_BASE_URL": "https://calls.example.com",
    "CALL_TOKEN_SECRET": "a-call-token-secret",
    "STATUS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/status",
}


@pytest.mark.parametrize(("door", "wiring", "own"), DOORS)
def test_a_door_is_light_when_it_is_imported_and_when_it_is_wired(door: str, wiring: str, own: tuple[str, ...]) -> None:
    code = f"import sys, {door}; {wiring}; print([name for name in {HEAVY + own!r} if name in sys.modules])"

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=SETTINGS, capture_output=True, text=True)

    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_every_door_is_measured_beside_its_baseline() -> None:
    rows = import_rows(rounds=1)

    assert len(rows) == 6
    assert all(row.baseline and row.ratio and row.bar == 1.25 for row in rows)
