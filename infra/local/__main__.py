"""The process of the control plane: ``python -m infra.local``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from infra.local.control import ControlConfig, serve
from shared.kernel.clock import CivilClock
from shared.kernel.errors import ReautoError
from shared.logs import configure
from shared.settings import ClockSettings, ControlSettings, DatabaseSettings, read
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
CONNECTIONS = 4


def main() -> None:
    """Compose the control plane from the environment and run it until it is told to stop."""
    configure()
    try:
        civil_time = read(ClockSettings).civil_time
        serve(
            ControlConfig(
                template=TEMPLATE,
                port=read(ControlSettings).port,
                rate=civil_time.rate if civil_time else 1.0,
            ),
            store=SqlOutbox(make_engine(read(DatabaseSettings).url, pool_size=CONNECTIONS)),
            clock=CivilClock(lambda: datetime.now(UTC), civil_time),
        )
    except ReautoError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
