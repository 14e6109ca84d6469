"""Lambda's side of a function: its Runtime API for one process that holds nothing but the artifact."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120


class FunctionFailed(AssertionError):
    """The function could not start, or raised."""


@dataclass
class RuntimeApi:
    """What the runtime interface client asks and tells, over HTTP."""

    invocations: "queue.Queue[tuple[str, bytes]]" = field(default_factory=queue.Queue)
    answers: "queue.Queue[tuple[str, bytes]]" = field(default_factory=queue.Queue)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address, while it is served."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            self.invocations.put(("", b""))  # lets go of whoever still waits
            server.shutdown()
            server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """``invocation/next``."""
                request_id, event = api.invocations.get()
                self.answer(200, event, {
                    "Lambda-Runtime-Aws-Request-Id": request_id,
                    "Lambda-Runtime-Deadline-Ms": str(round((time.time() + PATIENCE_SECONDS) * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
                    "Lambda-Runtime-Trace-Id": "Root=1-0-0",
                })  # fmt: skip

            def do_POST(self) -> None:
                """``invocation/{id}/response``, ``invocation/{id}/error``, ``init/error``."""
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.answer(202, b'{"status":"OK"}', {})
                api.answers.put((self.path.rpartition("/")[2], body))

            def answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in {
                    "Content-Type": "application/json",
                    **headers,
                    "Content-Length": str(len(body)),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler


@dataclass(frozen=True, kw_only=True)
class Lambda:
    """One function: its unpacked artifact, its handler and its environment.

    ``runtime`` is the folder that holds the runtime interface client, as ``/var/runtime`` does on Lambda.
    """

    name: str
    artifact: Path
    handler: str
    runtime: Path
    environment: Mapping[str, str]

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What a process of its own answers, and the process is gone.

        Raises:
            FunctionFailed: It could not start, raised, or said nothing.
        """
        api = RuntimeApi()
        api.invocations.put((str(uuid.uuid4()), json.dumps(event).encode()))
        with api.serving() as address:
            process = subprocess.Popen(
                [sys.executable, "-S", "-B", "-m", "awslambdaric", self.handler],
                env=self._surroundings(address),
                cwd=self.artifact,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            try:
                kind, body = self._answer(api, process)
            finally:
                process.kill()
                output = process.communicate()[0].decode(errors="replace")
        if kind == "error" and json.loads(body).get("errorType") == "Unavailable":
            return json.loads(body)  # it says itself that what it needs is away
        if kind != "response":
            raise FunctionFailed(f"{self.name}: {kind}: {body.decode()[:2000]}\n{output[-2000:]}")
        return json.loads(body)

    def _answer(self, api: RuntimeApi, process: "subprocess.Popen[bytes]") -> tuple[str, bytes]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                return api.answers.get(timeout=0.1)
            except queue.Empty:
                if process.poll() is not None:
                    return "ended", str(process.returncode).encode()
        return "silent", b""

    def _surroundings(self, address: str) -> dict[str, str]:
        """What Lambda sets, what the template sets, and no more; ``-S`` leaves out every installed package."""
        return {
            "PATH": os.defpath,
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": f"{self.artifact}:{self.runtime}",
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "s",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "LAMBDA_TASK_ROOT": str(self.artifact),
            "_HANDLER": self.handler,
            **self.environment,
        }
