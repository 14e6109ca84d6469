"""Which function answers a path, by API Gateway's rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from infra.local.template_nouns import Function, HttpEvent

PLACEHOLDER = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route of the template, with the pattern that its paths fit."""

    function: Function
    event: HttpEvent
    pattern: re.Pattern[str]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Lower is closer: exact before ``{one}`` before ``{all+}``; among equals the longer."""
        greedy = self.event.path.count("+}")
        return greedy, self.event.path.count("{"), -len(self.event.path)


@dataclass(frozen=True, kw_only=True)
class Match:
    """The route of a request and what its placeholders stand for."""

    route: Route
    parameters: Mapping[str, str]


class WrongMethod(LookupError):
    """The path exists, but not with this method; carries the methods that do."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = sorted(allowed)
        super().__init__(", ".join(self.allowed))


class Routes:
    """Every route of a set of functions."""

    def __init__(self, functions: Iterable[Function]) -> None:
        found = [
            Route(function=function, event=event, pattern=_pattern(event.path))
            for function in functions
            for event in function.http
        ]
        self._routes = sorted(found, key=lambda route: route.rank)

    def match(self, method: str, path: str) -> Match | None:
        """The closest route for a request, or ``None`` when no route has the path.

        Raises:
            WrongMethod: Only routes with other methods have the path.
        """
        others: set[str] = set()
        for route in self._routes:
            fit = route.pattern.fullmatch(path)
            if fit is None:
                continue
            if route.event.method in (method, "ANY"):
                names = [name for name, _ in PLACEHOLDER.findall(route.event.path)]
                return Match(route=route, parameters=dict(zip(names, fit.groups(), strict=True)))
            others.add(route.event.method)
        if others:
            raise WrongMethod(others)
        return None


def _pattern(path: str) -> re.Pattern[str]:
    """``/a/{b}/{c+}`` as a regular expression with one group a placeholder, in order."""
    pattern = ""
    end = 0
    for found in PLACEHOLDER.finditer(path):
        pattern += re.escape(path[end : found.start()]) + ("(.+)" if found[2] else "([^/]+)")
        end = found.end()
    return re.compile(pattern + re.escape(path[end:]))
