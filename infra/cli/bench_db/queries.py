"""Claims, point reads and folds, sixteen clients at once, at millions of rows."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psycopg

from infra.cli.bench_db.clients import Clients, Measured
from infra.cli.bench_db.operations import SEEDED_AT
from infra.cli.bench_db.seed import Size, seed
from infra.cli.rows import Row

CLIENTS = 16
SECONDS = 8.0
P99 = 0.99


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One figure: an operation of ours, its naive twin, and the most that our p99 may be, in milliseconds."""

    short: str
    ours: str
    naive: str
    bar: float

    @property
    def name(self) -> str:
        """The row's name."""
        return f"{self.short}, p99"

    @property
    def rate(self) -> str:
        """The name of the row that tells how many there were a second."""
        return f"{self.short}, a second"


COMPARED = (
    Compared(short="claim of 10 due leads", ours="claim", naive="naive_claim", bar=50.0),
    Compared(short="lead by id", ours="read_lead", naive="naive_read_lead", bar=10.0),
    Compared(short="attempt by id", ours="read_attempt", naive="naive_read_attempt", bar=10.0),
    Compared(short="fold of a callback", ours="fold", naive="naive_fold", bar=25.0),
)
SEEDING = "leads and calls written"
DRIVER = "empty statement by the driver alone, p99"
NAMES = frozenset(name for compared in COMPARED for name in (compared.name, compared.rate)) | {SEEDING, DRIVER}


def query_rows(
    database_url: str, *, size: Size, tell: Callable[[str], None], clients: int = CLIENTS, seconds: float = SECONDS
) -> Sequence[Row]:
    """Seed an empty, migrated database, then measure each operation beside its naive twin."""
    began = time.monotonic()
    seed(database_url, size, now=SEEDED_AT, tell=tell)
    seeded = Row(name=SEEDING, value=round(time.monotonic() - began, 1), unit="s")
    with Clients(clients, database_url=database_url, leads=size.leads) as ready:
        rows = [row for compared in COMPARED for row in _rows(compared, ready, database_url, size, seconds, tell)]
        alone = _run(ready, "driver_read", database_url, seconds)
    driver = Row(name=DRIVER, value=round(alone.quantile(P99), 2), unit="ms")
    return [*rows, driver, seeded]


def _run(clients: Clients, operation: str, database_url: str, seconds: float, *, seed: int = 1) -> Measured:
    """Measure on a settled server: what the operation before it wrote is not written out meanwhile."""
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("checkpoint")
    return clients.run(operation, seconds=seconds, seed=seed)


def _rows(
    compared: Compared, clients: Clients, database_url: str, size: Size, seconds: float, tell: Callable[[str], None]
) -> Iterator[Row]:
    tell(f"{compared.name}, {clients.count} clients, {size.leads:,} leads and calls")
    ours = _run(clients, compared.ours, database_url, seconds)
    naive = _run(clients, compared.naive, database_url, seconds, seed=2)
    yield _row(compared, ours, naive)
    yield Row(name=compared.rate, value=round(ours.per_second), unit="1/s",
              baseline=round(naive.per_second), ratio=_ratio(ours.per_second, naive.per_second))  # fmt: skip


def _ratio(ours: float, naive: float) -> float:
    return round(ours / naive, 2) if naive else 0.0


def _row(compared: Compared, ours: Measured, naive: Measured) -> Row:
    value, baseline = round(ours.quantile(P99), 2), round(naive.quantile(P99), 2)
    return Row(
        name=compared.name,
        value=value,
        unit="ms",
        baseline=baseline,
        ratio=_ratio(value, baseline),
        bar=compared.bar,
        holds=value <= compared.bar,
    )
