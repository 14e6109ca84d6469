"""What ``sam build`` makes of each function starts and answers with nothing else installed, as on Lambda."""

import json
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from twilio.request_validator import RequestValidator

from infra.local.child import free_port
from infra.local.schedules import scheduler_event
from infra.local.sqs_events import sqs_event
from infra.local.template import read_template
from infra.local.template_nouns import Function
from shared.kernel.outbox import OutboxMessage
from tests.amazon import CREDENTIALS
from tests.architecture.source import ROOT
from tests.artifacts.lambda_runtime import Lambda
from tests.functions.desk import API_KEY, PUBLIC, SECRET, TOKEN, http_event

pytestmark = [
    pytest.mark.artifacts,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() != "x86_64", reason="the artifacts are made for x86_64 Linux"
    ),
]

BUILT = ROOT / ".aws-sam" / "build"
TEMPLATE = read_template(ROOT / "template.yaml")
NOBODY = "0198b9a4-0000-7000-8000-000000000001"
LARGEST_ZIP = 30_000_000
RUNTIME = ("awslambdaric", "simplejson", "snapshot_restore_py", "runtime_client")
ASK_THE_CARRIER = {"CheckNumbers"}
"""Whoever must ask it gives the message back, since the carrier is away here."""
BODIES: Mapping[str, Mapping[str, Any]] = {
    "dispatch": {"campaign_id": NOBODY},
    "check_number": {"phone": "+12125550100"},
    "stop": {"scope": "campaign", "target": NOBODY},
}
"""What a message of a topic says; the others name an attempt. Nobody knows these, and they are acknowledged."""


def test_every_function_was_built_from_what_is_in_the_tree() -> None:
    built = yaml.safe_load((BUILT / "template.yaml").read_text(encoding="utf-8"))["Resources"]

    assert {name for name in TEMPLATE.functions if built[name]["Properties"]["CodeUri"] != name} == set()
    for name in TEMPLATE.functions:
        for source in ("functions/entry.py", "shared/__init__.py", "functions/relay_outbox.py"):
            assert (BUILT / name / source).read_bytes() == (ROOT / source).read_bytes(), "run infra/aws/build.sh again"


def test_an_artifact_holds_the_product_and_no_tests_and_is_small(tmp_path: Path) -> None:
    artifact = BUILT / "AnswerCall"
    zipped = tmp_path / "artifact.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in artifact.rglob("*"):
            archive.write(path, path.relative_to(artifact))

    assert not [name for name in ("tests", "voice_node", "infra", "pytest", "moto") if (artifact / name).exists()]
    assert zipped.stat().st_size < LARGEST_ZIP


def test_every_function_answers_with_nothing_but_its_artifact(surroundings: "Surroundings") -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(surroundings.ask, TEMPLATE.functions.values()))

    wrong = [told for function, answer in zip(TEMPLATE.functions.values(), answers, strict=True)
             if (told := complaint(function, answer))]  # fmt: skip
    assert wrong == []


def test_a_callback_reaches_the_queue_although_the_database_is_away(surroundings: "Surroundings") -> None:
    answer = surroundings.ask(TEMPLATE.functions["ReceiveStatus"])

    assert answer["statusCode"] == 204
    [message] = surroundings.sqs.receive_message(QueueUrl=surroundings.queues["status"])["Messages"]
    assert json.loads(message["Body"])["attempt_id"] == NOBODY


class Surroundings:
    """What the functions reach: a database, a Redis, Amazon's services."""

    def __init__(self, *, database_url: str, redis_url: str, amazon_url: str, runtime: Path) -> None:
        nobody = f"http://127.0.0.1:{free_port()}"
        self._outside = {"AWS_ENDPOINT_URL": amazon_url, "TWILIO_BASE_URL": nobody}
        self._runtime = runtime
        self.sqs: Any = boto3.client("sqs", endpoint_url=amazon_url, **CREDENTIALS)
        # The stand-in loads a service with its first request, which takes longer than a light door waits.
        boto3.client("ssm", endpoint_url=amazon_url, **CREDENTIALS).get_parameters_by_path(Path="/reauto")
        topics = [queue.topic for queue in TEMPLATE.queues.values() if queue.dead_letters]
        self.queues = {topic: self.sqs.create_queue(QueueName=topic)["QueueUrl"] for topic in topics}
        self._values = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_SECONDARY_AUTH_TOKEN": "",
            "PUBLIC_BASE_URL": PUBLIC,
            "CALL_TOKEN_SECRET": SECRET,
            "REAUTO_API_KEY": API_KEY,
            "QUEUE_URLS": json.dumps(self.queues),
            "STATUS_QUEUE_URL": self.queues["status"],
            "REAUTO_PARAMETERS": "/reauto/live",
        }

    def ask(self, function: Function) -> Any:
        """What a fresh process of the function answers to an event of its first trigger.

        Its environment is what the template names; a deployed value that has no stand-in here is empty.
        """
        told = {name: value or self._values.get(name, "") for name, value in function.environment.items()}
        return Lambda(
            name=function.name,
            artifact=BUILT / function.name,
            handler=function.handler,
            runtime=self._runtime,
            environment={**told, **self._values_of(function), **self._outside},
        ).invoke(event_for(function))

    def _values_of(self, function: Function) -> dict[str, str]:
        return {name: self._values[name] for name in function.environment if name in self._values}


def event_for(function: Function) -> dict[str, Any]:
    """An event of the function's first trigger."""
    if function.http:
        path = function.http[0].path.replace("{attempt}", NOBODY).replace("{proxy+}", "sellers")
        if not path.startswith("/v1/twilio"):
            return http_event("GET", path, headers={"Authorization": f"Bearer {API_KEY}"})
        fields = {
            "CallSid": "CA" + "1" * 32,
            "CallStatus": "completed",
            "SequenceNumber": "3",
            "To": "+12125550100",
            "From": "+12125550101",
        }
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, fields)
        body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in fields.items())
        return http_event("POST", path, body=body, headers={"X-Twilio-Signature": signature})
    if function.queues:
        queue = TEMPLATE.queues[function.queues[0].queue]
        noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        message = OutboxMessage(
            id="m1",
            topic=queue.topic,
            group=None,
            body=dict(BODIES.get(queue.topic, {"attempt_id": NOBODY})),
            receives=1,
            available_at=noon,
        )
        return sqs_event([message], queue, now=noon)
    event = scheduler_event(function.schedules[0], due=datetime(2026, 3, 2, 12, tzinfo=UTC))
    return {**event, "runs_for_seconds": 0} if function.name == "RelayOutbox" else event


def complaint(function: Function, answer: Any) -> str | None:
    """What is wrong with an answer."""
    if function.http and not (isinstance(answer, dict) and answer.get("statusCode", 500) < 500):
        return f"{function.name}: {answer}"
    given_back = [{"itemIdentifier": "m1"}] if function.name in ASK_THE_CARRIER else []
    if not function.http and function.queues and answer != {"batchItemFailures": given_back}:
        return f"{function.name}: {answer}"
    return None if isinstance(answer, dict) else f"{function.name}: {answer}"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime interface client alone."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, folder / name)
        else:
            shutil.copy(origin, folder)
    return folder


@pytest.fixture(scope="module")
def surroundings(module_database_url: str, redis_server_url: str, amazon_url: str, runtime: Path) -> Surroundings:
    alone = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; print([path for path in sys.path if 'site-packages' in path])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert alone.stdout.strip() == "[]"
    return Surroundings(
        database_url=module_database_url, redis_url=redis_server_url, amazon_url=amazon_url, runtime=runtime
    )
