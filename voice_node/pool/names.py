"""What the workers of a node are called: the name stands in their address, in their lease and on their spool."""

from shared.settings import WorkerSettings


def worker_names(settings: WorkerSettings, *, cores: int) -> tuple[str, ...]:
    """``w1``, ``w2``, … or, on a node that was given a name, ``name-1``, ``name-2``, …, of one: ``name``."""
    count = settings.workers or cores
    if "worker" not in settings.model_fields_set:
        return tuple(f"w{number}" for number in range(1, count + 1))
    return tuple(f"{settings.worker}-{number}" for number in range(1, count + 1)) if count > 1 else (settings.worker,)
