"""`key=value` on the command line as the JSON that the event's schema asks for.

Nothing is judged here: a key that no field has, or a word where a number belongs, is passed on as text, and the ledger
refuses it in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import orjson

from ledger.errors import Misused

Schema = dict[str, Any]
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


def data_of(event_type: str, base: str | None, pairs: Sequence[str]) -> dict[str, Any]:
    """The event's data: `base` (a JSON object) with every pair put into it. Misused: `usage`."""
    data = _json_object(base) if base is not None else {}
    root = data_schema(event_type)
    seen: set[tuple[str, ...]] = set()
    for pair in pairs:
        key, equals, text = pair.partition("=")
        raw = key.endswith(":")
        path = tuple(key.removesuffix(":").split("."))
        if not equals or not all(path):
            raise Misused("usage", f"{pair!r} is no field; write key=value, a.b=value inside an object, or key:=JSON")
        if path in seen:
            raise Misused("usage", f"{'.'.join(path)} is given twice")
        seen.add(path)
        schema = _at(root, path)
        _put(data, path, _json(text, key) if raw else _typed(text, schema))
    return data


@lru_cache(maxsize=4)
def data_schema(event_type: str) -> Schema:
    """The JSON Schema of a type's data with its references put in place; empty for a type nobody knows."""
    from ledger.events.models import MODEL_OF

    model = MODEL_OF.get(event_type)
    if model is None:
        return {}
    whole: Schema = model.model_json_schema()
    schema: Schema = _inlined(whole["properties"]["data"], whole.get("$defs", {}))
    return schema


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items() if key != "$defs"}


def _choices(schema: Schema) -> Iterator[Schema]:
    if "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _choices(each)
    else:
        yield schema


def _at(schema: Schema, path: tuple[str, ...]) -> Schema:
    """The schema of the field at a path; empty where there is none."""
    for name in path:
        fields = (each.get("properties", {}) for each in _choices(schema))
        schema = next((found[name] for found in fields if name in found), {})
    return schema


def _typed(text: str, schema: Schema) -> Any:
    choices = {each.get("type"): each for each in _choices(schema)}
    if "integer" in choices and _WHOLE.fullmatch(text):
        return int(text)
    if "boolean" in choices and text in ("true", "false"):
        return text == "true"
    if "array" in choices and "string" not in choices:
        items = choices["array"].get("items", {})
        return [_typed(each.strip(), items) for each in text.split(",") if each.strip()]
    return text


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for depth, name in enumerate(path[:-1], 1):
        inner = data.setdefault(name, {})
        if not isinstance(inner, dict):
            raise Misused("usage", f"{'.'.join(path[:depth])} is given as a value and as an object")
        data = inner
    if isinstance(data.get(path[-1]), dict) and not isinstance(value, dict):
        raise Misused("usage", f"{'.'.join(path)} is given as a value and as an object")
    data[path[-1]] = value


def _json(text: str, key: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise Misused("usage", f"{key}={text} is not JSON: {error}") from None


def _json_object(text: str) -> dict[str, Any]:
    value = _json(text, "--data")
    if not isinstance(value, dict):
        raise Misused("usage", '--data is a JSON object, as in --data \'{"pro": "pro-7"}\'')
    return value
