"""Reading a line without making an event of it: the same models, at a third of the time.

The schema that pydantic made of the models is the only definition. Here its models become plain dicts and their
instants texts that are spelt as RFC 3339 wants it; whoever asks reads these and holds them against `FROM` and `UNTIL`.
What is accepted here, the models accept; what is not is for them to judge, and to say why. A kind of field that is not
known here is never accepted, so that a new one in the models only costs time. tests/importing/test_acceptance.py holds
the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic_core import SchemaValidator, ValidationError

from ledger.events.fields import EARLIEST_YEAR, LATEST_YEAR
from ledger.events.models import ANY_EVENT
from ledger.instants import to_us

Schema = dict[str, Any]

# A day inside the years that the models take, wherever the offset puts the year's end.
FROM = to_us(datetime(EARLIEST_YEAR, 1, 3, tzinfo=UTC))
UNTIL = to_us(datetime(LATEST_YEAR, 12, 29, tzinfo=UTC))
_HOUR, _SIXTY = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_INSTANT = (
    f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{_HOUR}:{_SIXTY}:{_SIXTY}(?:\\.[0-9]{{1,9}})?(?:[Zz]|[+-]{_HOUR}:{_SIXTY})$"
)
"""Days are looked up in the calendar by whoever reads the instant."""
_PLAIN = ("str", "int", "bool")


class _Unknown(Exception):
    """A kind of field that is not translated."""


def accepted(line: bytes) -> dict[str, Any] | None:
    """The document of a line that the models surely accept, its instants apart. None says nothing."""
    try:
        doc: dict[str, Any] = _validator()(line)
    except ValidationError:
        return None
    return doc


@cache
def _validator() -> Callable[[bytes], Any]:
    """Made on first use: who records one event does without it."""
    union = ANY_EVENT.core_schema
    assert union["type"] == "tagged-union"
    choices: dict[Any, Any] = {}
    for name, model in union["choices"].items():
        try:
            choices[name] = _dict_of(model)
        except _Unknown:
            continue
    return SchemaValidator({**union, "choices": choices}).validate_json


def _dict_of(model: Schema) -> Schema:
    """A model as a dict of its fields."""
    fields, config = model["schema"], model["config"]
    if model["type"] != "model" or fields["type"] != "model-fields" or not config["strict"]:
        raise _Unknown
    return {
        "type": "typed-dict",
        "fields": {name: _field(each["schema"]) for name, each in fields["fields"].items()},
        "extra_behavior": config["extra_fields_behavior"],
        "strict": True,
    }


def _field(schema: Schema) -> Schema:
    optional = schema["type"] == "default"
    value = _value(schema["schema"] if optional else schema)
    return {"type": "typed-dict-field", "schema": value, "required": not optional}


def _value(schema: Schema) -> Schema:
    kind = schema["type"]
    if kind == "model":
        return _dict_of(schema)
    if kind == "nullable":
        return {**schema, "schema": _value(schema["schema"])}
    if kind == "tuple":
        return {**schema, "items_schema": [_value(each) for each in schema["items_schema"]], "strict": True}
    if kind == "function-after" and schema["schema"]["type"] == "datetime":
        return {"type": "str", "pattern": _INSTANT, "strict": True}
    if kind in _PLAIN:
        return {**schema, "strict": True}
    if kind == "literal":
        return schema
    raise _Unknown
