"""The parts of the suite, each loaded when its turn comes: some take seconds to import."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from inspect import signature

from infra.cli.bench_conversation.rows import Note
from infra.cli.rows import Row

HERE = "infra.cli.bench_conversation"
EVALUATE = "infra.cli.evaluate"

PARTS: Mapping[str, tuple[str, str]] = {
    "understanding": (f"{EVALUATE}.understanding", "understanding_rows"),
    "optout": (f"{EVALUATE}.optout", "optout_rows"),
    "scenarios": (f"{HERE}.scenario_rows", "scenario_rows"),
    "graph": (f"{HERE}.graph_rows", "graph_rows"),
    "guards": (f"{HERE}.guard_rows", "guard_rows"),
    "restored": (f"{HERE}.checkpoint_rows", "checkpoint_rows"),
    "brain": (f"{HERE}.brain_rows", "brain_rows"),
    "cache": (f"{HERE}.cache_rows", "cache_rows"),
    "prompts": (f"{HERE}.cache_rows", "prompt_rows"),
    "random": (f"{HERE}.random_talks", "random_rows"),
    "audio": (f"{HERE}.audio_rows", "audio_rows"),
}
"""Where each part's rows come from, in the order in which they are measured."""


def measured(part: str, tell: Callable[[str], None], note: Note) -> Sequence[Row]:
    """The part's rows. A measure takes ``tell``, and ``note`` where it has faults to explain."""
    module, name = PARTS[part]
    measure: Callable[..., Sequence[Row]] = getattr(import_module(module), name)
    takes_note = len(signature(measure).parameters) > 1 and "note" in signature(measure).parameters
    return measure(tell, note) if takes_note else measure(tell)
