"""What waits in the spool survives, in order, and leaves once."""

import json
from pathlib import Path

import pytest

from shared.kernel.errors import Unavailable
from voice_node.spool import Entry, Spool


def entry(number: int) -> Entry:
    return Entry(kind="report", body={"number": number})


def test_entries_outlive_the_process_that_kept_them(tmp_path: Path) -> None:
    Spool(tmp_path / "spool.jsonl").add(entry(1))

    assert Spool(tmp_path / "spool.jsonl").entries() == [entry(1)]


def test_entries_are_delivered_once_in_the_order_they_came(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl")
    for number in (1, 2, 3):
        spool.add(entry(number))
    delivered: list[int] = []

    assert spool.replay(lambda each: delivered.append(each.body["number"])) == 3
    assert spool.replay(lambda each: delivered.append(each.body["number"])) == 0
    assert delivered == [1, 2, 3]


def test_what_could_not_be_delivered_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl")
    spool.add(entry(1))
    spool.add(entry(2))

    def only_the_first(each: Entry) -> None:
        if each.body["number"] == 2:
            raise Unavailable("away again")

    with pytest.raises(Unavailable):
        spool.replay(only_the_first)

    assert spool.entries() == [entry(2)]


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "spool.jsonl"
    Spool(path).add(entry(1))
    with path.open("a") as file:
        file.write(json.dumps({"kind": "report", "body": {"number": 2}})[:20])

    assert Spool(path).entries() == [entry(1)]


def test_a_refused_entry_is_set_aside_for_a_person(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl")

    spool.bury(entry(1))

    assert spool.entries() == []
    assert '"number": 1' in (tmp_path / "spool.refused").read_text()
