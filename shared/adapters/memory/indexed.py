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
        self._told: dict[str, tuple[Hashable | None, ...]] = {}
        super().__init__()

    def __getitem__(self, key: str) -> Value:
        return self.data[key]

    def __setitem__(self, key: str, value: Value) -> None:
        told = tuple([tell(value) for tell in self._by.values()])
        before = self._told.get(key, (None,) * len(told))
        self.data[key], self._told[key] = value, told
        for found, now, then in zip(self._found.values(), told, before, strict=True):
            if then is not None and then != now:
                _drop(found, then, key)
            if now is not None:
                found.setdefault(now, {})[key] = value

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        for found, told in zip(self._found.values(), self._told.pop(key), strict=True):
            if told is not None:
                _drop(found, told, key)

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


def _drop(found: dict[Hashable, dict[str, Value]], told: Hashable, key: str) -> None:
    kept = found[told]
    del kept[key]
    if not kept:
        del found[told]
