"""Takes decisions again in a process of its own, under the rule table whose file is named; tells what came of it.

Called with the rule table and a file of one stored decision a line; prints JSON.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.calls import Finding, Verdict
from shared.calls.replay import StoredPermission, replay
from shared.campaigns import calling_rules


def stored(row: Mapping[str, Any]) -> StoredPermission:
    """The decision that a line tells of; the same form as the row of ``permissions``."""
    return StoredPermission(
        at=datetime.fromisoformat(row["at"]),
        verdict=Verdict(row["verdict"]),
        findings=tuple(_finding(kept) for kept in row["decisions"]),
        facts=row["facts"],
        rule_version=row["rule_version"],
    )


def _finding(kept: Mapping[str, Any]) -> Finding:
    moments = {name: kept[name] for name in ("defer_until", "allowed_until")}
    read = {name: datetime.fromisoformat(text) if text else None for name, text in moments.items()}
    return Finding(**{**kept, "verdict": Verdict(kept["verdict"]), **read})


def main(table: Path, rows: Path) -> None:
    """Replay every line."""
    calling_rules.FILE = table
    told: Counter[str] = Counter()
    differing: set[str] = set()
    with rows.open(encoding="utf-8") as lines:
        for line in lines:
            done = replay(stored(json.loads(line)))
            told["same" if done.is_same else "other"] += 1
            told[done.permission.verdict.value] += 1
            differing.update(done.differing)
    print(json.dumps({**told, "differing": sorted(differing)}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
