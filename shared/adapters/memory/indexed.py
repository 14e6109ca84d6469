"""A dictionary that also finds its values by what they say, without looking at all of them."""

from collections import UserDict
from collections.abc import Callable, Hashable, ValuesView
from typing import Any, TypeVar

Value = TypeVar("Value")


class Indexed(UserDict[str, Value]):
    """Values by key, and by every name in ``by``; a value that says ``None`` is not found by that name.

    Values must not change in place: put the changed one under the same key.
    """

    def __init__(self, **by: Callable[[Value], Hashable | None]) -> None:
        self._by = by
        self._found: dict[str, dict[Hashable, dict[str, Value]]] = {name: {} for name in by}
        super().__init__()

    def __getitem__(self, key: str) -> Value:
        return self.data[key]

    def __setitem__(self, key: str, value: Value) -> None:
        if key in self.data:
            self._forget(key)
        self.data[key] = value
        for name, tell in self._by.items():
            told = tell(value)
            if told is not None:
                self._found[name].setdefault(told, {})[key] = value

    def __delitem__(self, key: str) -> None:
        self._forget(key)
        del self.data[key]

    def values(self) -> ValuesView[Value]:
        """All of them, as they came; what the mapping's own view would find key by key."""
        return self.data.values()

    def where(self, name: str, told: Hashable) -> list[Value]:
        """The values of which ``name`` is ``told``, those first that came to say so first."""
        return list(self._found[name].get(told, {}).values())

    def count(self, name: str, told: Hashable) -> int:
        """How many they are."""
        return len(self._found[name].get(told, ()))

    def told(self, name: str) -> list[Any]:
        """Everything that any value says of ``name``."""
        return list(self._found[name])

    def _forget(self, key: str) -> None:
        value = self.data[key]
        for name, tell in self._by.items():
            told = tell(value)
            if told is None:
                continue
            kept = self._found[name][told]
            del kept[key]
            if not kept:
                del self._found[name][told]
