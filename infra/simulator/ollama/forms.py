"""A JSON value that a schema allows: what a model fills in where a form is asked for."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

Schema = Mapping[str, Any]
MOST_DEPTH = 12
SNIPPET = 160
NO_LIMIT = 10**9


def filled(schema: Schema, *, words: str, dice: Random) -> Any:
    """A value for the schema, with ``words`` where it asks for text and nothing where nothing is allowed."""
    return _value(schema, root=schema, words=words, dice=dice, depth=0)


def _value(schema: Schema, *, root: Schema, words: str, dice: Random, depth: int) -> Any:
    if "$ref" in schema:
        return _value(_referred(schema["$ref"], root), root=root, words=words, dice=dice, depth=depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return dice.choice(schema["enum"])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _value(_chosen(schema[key]), root=root, words=words, dice=dice, depth=depth + 1)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = "null" if "null" in kind else kind[0]
    if kind == "object":
        return _object(schema, root=root, words=words, dice=dice, depth=depth)
    if kind == "array":
        return _array(schema, root=root, words=words, dice=dice, depth=depth)
    return _plain(kind, schema, words)


def _object(schema: Schema, *, root: Schema, words: str, dice: Random, depth: int) -> dict[str, Any]:
    asked = schema.get("properties", {})
    needed = asked if depth < MOST_DEPTH else schema.get("required", ())
    return {name: _value(asked[name], root=root, words=words, dice=dice, depth=depth + 1) for name in needed}


def _array(schema: Schema, *, root: Schema, words: str, dice: Random, depth: int) -> list[Any]:
    least = schema.get("minItems", 0)
    items = schema.get("items", {"type": "string"})
    return [_value(items, root=root, words=words, dice=dice, depth=depth + 1) for _ in range(least)]


def _plain(kind: str, schema: Schema, words: str) -> Any:
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        return min(max(0, least), schema.get("maximum", NO_LIMIT))
    if kind == "null":
        return None
    by_format = {"date": "2026-01-05", "date-time": "2026-01-05T15:00:00Z", "duration": "PT0S", "time": "15:00:00Z"}
    text = by_format.get(schema.get("format", ""), words[: min(SNIPPET, schema.get("maxLength", SNIPPET))])
    return text.ljust(schema.get("minLength", 0), ".")


def _chosen(options: list[Schema]) -> Schema:
    """Nothing, where that is allowed; otherwise the first."""
    return next((each for each in options if each.get("type") == "null"), options[0])


def _referred(reference: str, root: Schema) -> Schema:
    found: Any = root
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    assert isinstance(found, Mapping)
    return found


def as_text(value: Any) -> str:
    """The value as a model writes it."""
    return json.dumps(value, ensure_ascii=False)
