"""Decisions taken again, in a new process and under newer rule data, from their stored rows alone."""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import RowMapping

from infra.cli.chaos.random_facts import many_random_facts
from infra.cli.rows import Row
from shared.calls import Verdict
from shared.calls.decide import decide
from shared.calls.replay import StoredPermission, replay
from shared.campaigns import calling_rules
from shared.kernel.ids import LeadId, SellerId
from shared.storage.calls.permissions import permission_of, permission_row

SETS = 5000
NEWER = "2031-05-01"


def replay_rows(seed: int, *, sets: int = SETS) -> Sequence[Row]:
    """How many random decisions were not the same again, or did not say which rule data differs."""
    version = calling_rules.rule_table().version
    with tempfile.TemporaryDirectory() as folder:
        rows, table = Path(folder) / "rows.jsonl", Path(folder) / "calling_rules.yaml"
        with rows.open("w", encoding="utf-8") as lines:
            for facts, now in many_random_facts(sets, seed=seed):
                row = permission_row(decide(facts, now=now), lead_id=LeadId("lead-1"), seller_id=SellerId("seller-1"))
                lines.write(json.dumps({**row, "at": row["at"].isoformat()}, default=str) + "\n")
        text = re.sub(r"\d\d:00-", "16:00-", calling_rules.FILE.read_text(encoding="utf-8"))
        table.write_text(text.replace(f'version: "{version}"', f'version: "{NEWER}"'), encoding="utf-8")
        told = _elsewhere(rows, table)
    other = sets - told["same"]
    silent = sets - told["named"]
    return [
        Row(
            name=f"decisions of {sets:,} random facts that replay differently under newer rules in a new process",
            value=other,
            unit="decisions",
            bar=0,
            holds=other == 0 and min(told[verdict.value] for verdict in Verdict) > sets / 50,
        ),
        Row(
            name="decisions with a law that do not say which rule version differs",
            value=silent,
            unit="decisions",
            bar=0,
            holds=silent == 0,
        ),
    ]


def _elsewhere(rows: Path, table: Path) -> Counter[str]:
    command = [sys.executable, "-m", "infra.cli.chaos.dial.replays", str(rows), str(table)]
    return Counter(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def main(rows: Path, table: Path) -> None:
    """Replay every row under the rules of ``table``, and print what came of it."""
    calling_rules.FILE = table
    told: Counter[str] = Counter()
    for line in rows.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        again = replay(_stored(row))
        told[row["verdict"]] += 1
        told["same"] += again.is_same
        told["named"] += not again.rule_version_then or any(
            each.startswith("rules: ") and each.endswith(f"{NEWER} now") for each in again.differing
        )
    print(json.dumps(told))


def _stored(row: dict[str, Any]) -> StoredPermission:
    at = datetime.fromisoformat(row["at"])
    return StoredPermission(
        at=at,
        verdict=Verdict(row["verdict"]),
        findings=permission_of(cast(RowMapping, row | {"at": at})).findings,
        facts=row["facts"],
        rule_version=row["rule_version"],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
