"""The process of the control plane: ``python -m infra.local``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from infra.local.backstage_process import BackstageProcess
from infra.local.control import ControlConfig, serve
from shared.kernel.clock import CivilClock
from shared.kernel.errors import ReautoError
from shared.logs import configure
from shared.settings import ClockSettings, ControlSettings, read

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def main() -> None:
    """Compose the control plane from the environment and run it until it is told to stop."""
    configure()
    try:
        config = ControlConfig(template=TEMPLATE, port=read(ControlSettings).port)
        clock = CivilClock(lambda: datetime.now(UTC), read(ClockSettings).civil_time)
        serve(config, work=lambda lost: BackstageProcess(lost=lost), clock=clock)
    except ReautoError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
