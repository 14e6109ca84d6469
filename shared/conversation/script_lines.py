"""Where things stand in a script's file: each key and each phrase with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from shared.kernel.yaml_text import SafeLoader

Place = tuple[str | int, ...]
"""The way to a value: keys, and places in lists."""


@dataclass(frozen=True)
class Lines:
    """The lines of a file by the way to what stands there; ``twice`` are keys that stand there more than once."""

    of: dict[Place, int] = field(default_factory=dict)
    twice: tuple[Place, ...] = ()

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it; 1 is the first."""
        while place and place not in self.of:
            place = place[:-1]
        return self.of.get(place, 1)


def key_lines(text: str) -> Lines:
    """The lines of every key and value of a YAML text.

    Raises:
        yaml.MarkedYAMLError: The text is not YAML.
    """
    root = yaml.compose(text, Loader=SafeLoader)
    places: dict[Place, int] = {}
    twice: list[Place] = []
    for place, line in _walk(root, ()) if root is not None else ():
        if place in places:
            twice.append(place)
        places[place] = line
    return Lines(places, tuple(twice))


def told(place: Place) -> str:
    """A place in words: ``questions[2].ask[1]``, counted from one."""
    said = ""
    for step in place:
        said += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return said.removeprefix(".")


def _walk(node: Any, place: Place) -> Iterator[tuple[Place, int]]:
    if place and isinstance(place[-1], int):
        yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            at = (*place, str(key.value))
            yield at, key.start_mark.line + 1
            yield from _walk(value, at)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*place, number))
