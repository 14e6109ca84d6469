"""A control plane that dies: ``python -m infra.cli.chaos.dial.processes.plane``, told what to do on its input.

It loads every function once and then forks for each order, so that a life begins within moments. An order is a line
of JSON: ``port`` to listen on, and the ``step`` with its ``nth`` time to die at, or none. The answer is a line with
the exit status.
"""

import gc
import json
import logging
import os
import signal
import sys
import threading
from dataclasses import fields, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import uvicorn

from functions import answering, bootstrap, receiving
from infra.cli.chaos.dial.processes.steps import Fate, NamedRunner, Step
from infra.local.gateway import Gateway
from infra.local.queues import QueueRunner
from infra.local.template import Template, read_template
from shared.kernel.errors import ReautoError
from shared.leads.zip_codes import zip_codes
from shared.settings import DatabaseSettings, read
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox

TEMPLATE = Path(__file__).parents[5] / "template.yaml"
RATE = 0.01
"""How messages that a dead process held, and retries, are shortened: three minutes become two seconds."""
TICK_SECONDS = 1.0
TICKS = ("dispatch_leads", "reap_calls")
LOADED_LATER = (
    "aws_lambda_powertools.utilities.batch",
    "functions.emf",
    "functions.messages",
    "shared.storage.light.inbox",
    "twilio.rest.api.v2010",
    "twilio.rest.lookups.v2",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
)
"""What the functions load at their first need, which every short life would pay for."""


def main() -> None:
    """Fork for each order until the input ends."""
    logging.disable(logging.CRITICAL)
    template = read_template(TEMPLATE).on_one_machine()
    runner = NamedRunner(template.functions.values())
    for name in LOADED_LATER:
        import_module(name)
    zip_codes()
    gc.freeze()  # lives share this memory as long as nobody counts in it
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(order, template, runner)
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))  # noqa: B023
        _, status = os.waitpid(child, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


def _live(order: dict[str, Any], template: Template, runner: NamedRunner) -> None:
    """One life: doors, queues and schedules, until the step or a signal ends it."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    fate = Fate(Step(**order["step"]) if order["step"] else None, order["nth"])
    _endanger(fate)
    clock = bootstrap.services().clock
    wake = threading.Event()
    outbox = SqlOutbox(make_engine(read(DatabaseSettings).url, pool_size=4))
    QueueRunner(template, store=outbox, runner=runner, clock=clock, wake=wake, rate=RATE).start()
    threading.Thread(target=_tick, args=(template, runner, wake, order["harness"]), daemon=True).start()
    doors = [function for function in template.functions.values() if function.http]
    gateway = Gateway(doors, runner=runner, clock=clock)
    server = uvicorn.Server(
        uvicorn.Config(gateway, port=order["port"], ws="none", log_config=None, access_log=False, lifespan="off")
    )
    server.run()
    os._exit(0)


def _endanger(fate: Fate) -> None:
    """Put the fate around the ports of every composition root, before anything was built."""
    build, answer, receive = bootstrap._built, answering._built, receiving._built

    def services() -> bootstrap.Services:
        built = build()
        names = [field.name for field in fields(built) if field.init]
        return replace(built, **{name: fate.watch(getattr(built, name), name) for name in names})

    def answer_doors() -> Any:
        built = answer()
        return replace(built, gate=replace(built.gate, book=fate.watch(built.gate.book, "gate")))

    def status_door() -> Any:
        built = receive()
        return replace(built, inbox=fate.watch(built.inbox, "inbox"))

    bootstrap._built, answering._built, receiving._built = (
        cache(services),
        cache(answer_doors),
        cache(status_door),
    )


def _tick(template: Template, runner: NamedRunner, wake: threading.Event, harness: int) -> None:
    """The schedules that a minute would fire, every second, as long as there is somebody to see it."""
    named = {function.handler.split(".")[1]: function for function in template.functions.values()}
    pause = threading.Event()
    while True:
        if not Path(f"/proc/{harness}").exists():
            os._exit(0)
        for name in TICKS:
            try:
                runner.invoke(named[name], {})
            except ReautoError:  # it comes again
                continue
        wake.set()
        pause.wait(TICK_SECONDS)


if __name__ == "__main__":
    main()
