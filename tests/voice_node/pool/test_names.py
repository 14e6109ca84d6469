"""What the workers of a node are called."""

import pytest

from shared.settings import WorkerSettings, read
from voice_node.pool.names import worker_names


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({}, ("w1", "w2")),
        ({"NODE_WORKERS": "3"}, ("w1", "w2", "w3")),
        ({"NODE_WORKERS": "1", "NODE_WORKER": "edge"}, ("edge",)),
        ({"NODE_WORKER": "edge"}, ("edge-1", "edge-2")),
    ],
)
def test_a_node_has_one_worker_a_core_unless_it_is_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], names: tuple[str, ...]
) -> None:
    for name in ("NODE_WORKER", "NODE_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)

    assert worker_names(read(WorkerSettings), cores=2) == names
