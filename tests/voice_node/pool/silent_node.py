"""A whole node of two workers with stand-ins for speech: ``python -m tests.voice_node.pool.silent_node FOLDER``.

Everything between the carrier's socket and the dialogue is real. Each worker writes the epoch of its life into
``<name>.epoch`` and the reports of its calls into ``<name>.reports``, one line each.
"""

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import uvloop
from pydantic import SecretStr

from shared.conversation import CallReport
from shared.kernel.ids import AttemptId, new_id
from shared.logs import configure
from tests.voice_node.conftest import SECRET, make_node
from tests.voice_node.pool.light_node import write
from voice_node.pool.supervisor import Supervisor
from voice_node.preload import preload
from voice_node.serve import attend
from voice_node.server import build_app
from voice_node.warm_up import warm_up_models
from voice_node.workers import WorkerName

LONG_OPENING = 60
"""How often the opening of 0.6 s is repeated: a minute of audio, for a carrier that does not read it."""


@dataclass(frozen=True)
class Diary:
    """``ReportRepository`` that a test in another process can read."""

    path: Path

    def add(self, report: CallReport) -> None:
        with self.path.open("a") as file:
            file.write(f"{report.attempt_id} {report.ended_by} {len(report.turns)}\n")

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        return None


def main() -> int:
    folder = Path(sys.argv[1])
    configure()
    preload()

    def work(name: str, control: socket.socket, is_warm: Callable[[], None]) -> int:
        uvloop.run(hold(folder, name, control, is_warm))
        return 0

    listener = socket.create_server(("127.0.0.1", 0))
    write(folder / "port", str(listener.getsockname()[1]))
    return Supervisor(("w1", "w2"), listener=listener, work=work).run()


async def hold(folder: Path, name: str, control: socket.socket, is_warm: Callable[[], None]) -> None:
    await warm_up_models()
    node = make_node(folder / name)
    brief = node.cabinet.brief
    node.cabinet.brief = brief.model_copy(update={"opening_audio": brief.opening_audio * LONG_OPENING})
    who = WorkerName(worker=name, epoch=new_id())
    write(folder / f"{name}.epoch", who.epoch)
    desk = replace(node.desk, reports=Diary(folder / f"{name}.reports"))
    kit = replace(node.kit, name=who, desk=desk, recordings=None)
    app = build_app(kit=kit, admission=node.admission, token_secret=SecretStr(SECRET))
    is_warm()
    node.admission.is_ready = True
    await attend(app, node.admission, control, drain=timedelta(minutes=1))


if __name__ == "__main__":
    sys.exit(main())
