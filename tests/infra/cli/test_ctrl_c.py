"""Ctrl-C before anything runs is one line, and leaves the signal to whoever had it."""

import signal
import subprocess
import sys
from pathlib import Path

from infra.cli.ctrl_c import leaving_at_once

ROOT = Path(__file__).parents[3]
INTERRUPTED_IMPORT = """
import os, signal
from infra.cli.ctrl_c import leaving_at_once
with leaving_at_once():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    finally:
        print("an exception came through")
"""


def test_it_ends_the_process_without_an_exception() -> None:
    ran = subprocess.run([sys.executable, "-c", INTERRUPTED_IMPORT], cwd=ROOT, capture_output=True, text=True)

    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "reauto: stopped\n")


def test_afterwards_the_signal_is_as_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with leaving_at_once():
        assert signal.getsignal(signal.SIGINT) is not before

    assert signal.getsignal(signal.SIGINT) is before
