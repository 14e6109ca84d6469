"""The database benchmark over a few thousand rows: what it measures is there, and it leaves every row it promises."""

import pytest

from infra.cli.bench_db.queries import NAMES, query_rows
from infra.cli.bench_db.seed import Size
from infra.cli.bench_db.suite import RowMissing, complete
from infra.cli.rows import Row


def test_every_operation_is_measured_beside_its_naive_twin(database_url: str) -> None:
    told: list[str] = []

    rows = query_rows(database_url, size=Size(leads=3_000), tell=told.append, clients=2, seconds=0.2)

    assert {row.name for row in rows} == NAMES
    assert all(0 < row.value < 60_000 for row in rows)
    assert all(row.baseline and row.ratio for row in rows if row.bar)
    assert told


def test_a_suite_without_one_of_its_rows_fails() -> None:
    with pytest.raises(RowMissing, match="dispatch to dial request"):
        complete([Row(name="callbacks accepted", value=500, unit="1/s")])
