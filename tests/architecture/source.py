"""The project's own Python files, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("shared", "functions", "voice_node", "infra", "migrations")


@dataclass(frozen=True)
class Source:
    """One module: where it is, what it says, what it parses to."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the root, with slashes."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Source, ...]:
    """Every module of the product, without its tests."""
    return tuple(_read(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))


@cache
def written_tests() -> tuple[Source, ...]:
    """Every module below ``tests``."""
    return tuple(_read(path) for path in sorted((ROOT / "tests").rglob("*.py")))


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its dotted name, such as ``datetime.now``."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of a name or an attribute; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text))
