"""The process of the queues and schedules: ``python -m infra.local.backstage_main``, started by the control process."""

import gc
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from infra.local.backstage import Backstage
from infra.local.template import read_template
from shared.kernel.clock import CivilClock
from shared.kernel.errors import ReautoError
from shared.logs import configure
from shared.settings import ClockSettings, DatabaseSettings, read
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
CONNECTIONS = 4
NICENESS = 5  # whoever is on the telephone comes first
STANDARD_INPUT = 0


def main() -> None:
    """Compose the work from the environment, and do it for as long as standard input stays open."""
    configure()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to us too; the control process decides
    signal.signal(signal.SIGTERM, _leave)
    os.nice(NICENESS)
    try:
        civil_time, database = read(ClockSettings).civil_time, read(DatabaseSettings)
        work = Backstage(
            read_template(TEMPLATE).on_one_machine(),
            store=SqlOutbox(make_engine(database.url, pool_size=CONNECTIONS, prepares=database.prepares)),
            clock=CivilClock(lambda: datetime.now(UTC), civil_time),
            rate=civil_time.rate if civil_time else 1.0,
        )
    except ReautoError as error:
        sys.exit(str(error))
    gc.collect()
    gc.freeze()  # as the control process does
    work.start()
    try:
        while os.read(STANDARD_INPUT, 4096):
            work.wake()
    finally:
        work.stop()


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
