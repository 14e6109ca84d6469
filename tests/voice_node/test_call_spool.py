"""The spool of calls: the newest whole record of a part, for every worker of the machine, gone when it is over."""

import os
from pathlib import Path

import pytest

from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId
from voice_node.call_spool import CallSpool

CALL = AttemptId("0195a000-0000-7000-8000-000000000001")


def only_file(folder: Path) -> Path:
    [path] = [each for each in folder.rglob("*") if each.is_file()]
    return path


def test_another_worker_reads_the_newest_record(tmp_path: Path) -> None:
    first = CallSpool(tmp_path, worker="w1")
    first.put(CALL, 0, b"one")
    first.put(CALL, 0, b"two" * 1_000)

    assert CallSpool(tmp_path, worker="w2").get(CALL, 0) == b"two" * 1_000
    assert CallSpool(tmp_path, worker="w2").get(CALL, 1) is None


def test_a_record_that_a_crash_cut_off_does_not_count(tmp_path: Path) -> None:
    spool = CallSpool(tmp_path, worker="w1")
    spool.put(CALL, 0, b"one")
    spool.put(CALL, 0, b"two")
    file = only_file(tmp_path)
    file.write_bytes(file.read_bytes()[:-1])

    assert CallSpool(tmp_path, worker="w2").get(CALL, 0) == b"one"


def test_what_is_over_leaves_nothing_whoever_wrote_it(tmp_path: Path) -> None:
    first, second = CallSpool(tmp_path, worker="w1"), CallSpool(tmp_path, worker="w2")
    first.put(CALL, 0, b"one")
    second.put(CALL, 1, b"two")

    second.forget(CALL, 0)
    second.forget(CALL, 1)
    first.close()
    second.close()

    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_what_nobody_came_back_to_is_swept_away(tmp_path: Path) -> None:
    spool = CallSpool(tmp_path, worker="w1")
    spool.put(CALL, 0, b"one")
    os.utime(only_file(tmp_path), (0, 0))
    spool.put(AttemptId("young"), 0, b"two")

    assert spool.sweep(older_than_seconds=3600) == 1
    assert spool.get(CALL, 0) is None
    assert spool.get(AttemptId("young"), 0) == b"two"


def test_a_disk_that_fails_costs_no_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "w1").write_text("in the way")
    spool = CallSpool(tmp_path, worker="w1")

    spool.put(CALL, 0, b"one")

    assert spool.get(CALL, 0) is None
    assert "cannot be written" in caplog.text


def test_nobody_else_may_read_a_record(tmp_path: Path) -> None:
    CallSpool(tmp_path, worker="w1").put(CALL, 0, b"one")

    assert only_file(tmp_path).stat().st_mode & 0o077 == 0


def test_an_id_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        CallSpool(tmp_path, worker="w1").put(AttemptId("../elsewhere"), 0, b"one")
