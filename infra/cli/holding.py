"""Standing by while the machine runs."""

import time

from infra.local.machine import Machine

LOOK_EVERY_SECONDS = 1.0


def hold(machine: Machine) -> None:
    """Come back when the user, or the system, asks to stop.

    Raises:
        Unavailable: A part of the machine has ended.
    """
    try:
        while True:
            machine.supervisor.check()
            time.sleep(LOOK_EVERY_SECONDS)
    except KeyboardInterrupt:  # how one leaves
        return
