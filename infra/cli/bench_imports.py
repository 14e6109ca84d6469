"""How long the carrier's doors take to import, beside the libraries that such a door cannot do without."""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.cli.rows import Row
from shared.kernel.errors import Unavailable
from shared.settings import child_environment

ROOT = Path(__file__).parents[2]
ROUNDS = 15
BAR = 1.25
RESOLVER = "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n"
VALIDATOR = "from twilio.request_validator import RequestValidator\n"
CLIENT = "import boto3\nboto3.client('sqs', region_name='us-east-1')\n"
TIMED = "import time\nbegan = time.perf_counter()\n{code}\nprint(time.perf_counter() - began)"
INSTALLATION = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "TWILIO_AUTH_TOKEN": "a-token",
    "PUBLIC_BASE_URL": "https://calls.example.com/live",
    "CALL_TOKEN_SECRET": "a-call-token-secret",
    "STATUS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/status",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
SQL_BASE = RESOLVER + "import psycopg\n" + VALIDATOR
QUEUE_BASE = RESOLVER + VALIDATOR + CLIENT
DOORS: Mapping[str, tuple[str, str]] = {
    "answer_call": ("import functions.answer_call, functions.answering\nfunctions.answering.answering()", "psycopg"),
    "recover_call": ("import functions.recover_call, functions.answering\nfunctions.answering.answering()", "psycopg"),
    "receive_status": (
        "import functions.receive_status, functions.receiving\nfunctions.receiving.receiving().inbox.client",
        "SQS client",
    ),
}
"""Each door, imported and wired until it could answer, and which baseline it is held against."""
BASES: Mapping[str, str] = {"psycopg": SQL_BASE, "SQS client": QUEUE_BASE}


def import_rows(rounds: int = ROUNDS) -> Sequence[Row]:
    """Two rows a door, its least and its median time; baselines and doors take turns in fresh processes.

    Raises:
        Unavailable: A door cannot be imported.
    """
    codes = {**BASES, **{name: code for name, (code, _) in DOORS.items()}}
    for code in codes.values():
        _seconds(code)  # compiles what is not compiled yet
    taken: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(rounds):
        for name, code in codes.items():
            taken[name].append(_seconds(code))
    return [
        _row(f"import {name}, {how}", pick(taken[name]), pick(taken[base]))
        for name, (_, base) in DOORS.items()
        for how, pick in (("least", min), ("median", statistics.median))
    ]


def _row(name: str, seconds: float, baseline: float) -> Row:
    ratio = seconds / baseline
    return Row(
        name=name,
        value=round(seconds * 1000, 1),
        unit="ms",
        baseline=round(baseline * 1000, 1),
        ratio=round(ratio, 3),
        bar=BAR,
        holds=ratio <= BAR,
    )


def _seconds(code: str) -> float:
    """How long a fresh interpreter takes over ``code``, itself left out."""
    ran = subprocess.run(
        [sys.executable, "-c", TIMED.format(code=code)],
        cwd=ROOT,
        env=child_environment({**INSTALLATION, "PYTHONPATH": os.fspath(ROOT)}),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise Unavailable(f"a door cannot be imported: {ran.stderr.strip().splitlines()[-1]}")
    return float(ran.stdout.strip().splitlines()[-1])
