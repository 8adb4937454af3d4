"""From a line of the wire to an event that can be ruled on, or a refusal with its code.

The document is kept as it came. What is hashed and stored is its canonical JSON: keys sorted, whole numbers spelt as
such, and without `sequence` and `recordedtime`, which belong to the ledger that stored it.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
from pydantic import ValidationError

from ledger.errors import Refused
from ledger.events.acceptance import FROM, UNTIL, accepted
from ledger.events.faults import one_line
from ledger.events.fields import Event
from ledger.events.incoming import Incoming
from ledger.events.models import ANY_EVENT, MODEL_OF
from ledger.events.refusing import refusal
from ledger.instants import RFC3339, parse_us, zone
from ledger.money import to_minor

MAX_BYTES = 64 * 1024
INSTANT_FIELDS = frozenset({"starts_at", "ends_at", "ended_at", "arrived_at", "until", "notified_at", "effective_from"})
OURS = ("sequence", "recordedtime")
FREE_FORM = frozenset({"pro.warned", "pro.suspension_proposed", "policy.published"})
_EXTENSION_NAME = re.compile(r"[a-z0-9]{1,20}")
_ATTRIBUTES = 7
"""How many every event has: specversion, id, source, type, subject, time and data; the others are optional."""
_INSTANTS_OF: dict[str, tuple[str, ...]] = {
    name: tuple(field for field in model.model_fields["data"].annotation.model_fields if field in INSTANT_FIELDS)  # type: ignore[union-attr]
    for name, model in MODEL_OF.items()
}
_validate = ANY_EVENT.validator.validate_json


def read_line(line: bytes, *, quickly: bool = False) -> Incoming:
    """Validate one line. Raises `Refused` with the contract's code; the message is one line.

    `quickly` asks first for acceptance without a model: for a reader of many lines, most of them good.
    """
    if len(line) > MAX_BYTES:
        raise Refused("payload_too_large", f"the line has {len(line)} bytes; an event has at most {MAX_BYTES}")
    incoming = read_accepted(line) if quickly else None
    if incoming is not None:
        # What is accepted only gets shorter when it is made canonical: of the same length, nothing went missing.
        if len(line) != len(incoming.state) and not _all_there(line, incoming):
            _check_keys(line)
        return incoming
    try:
        doc = orjson.loads(line)
    except ValueError as error:
        raise Refused("invalid_event", f"not a JSON document: {one_line(str(error))}") from None
    if not isinstance(doc, dict):
        raise Refused("invalid_event", "an event is a JSON object, as CloudEvents 1.0 describes it")
    try:
        _validate(line)
    except ValidationError as error:
        normal = _whole_numbers(doc)
        _revalidate(normal, error)
        doc = normal
    incoming = _checked(doc, line)
    if not _all_there(line, incoming):
        _check_keys(line)
    return incoming


def read_accepted(line: bytes) -> Incoming | None:
    """The event of a line that is accepted and has nothing but the attributes every event has; else None."""
    doc = accepted(line)
    if doc is None or len(doc) > _ATTRIBUTES or b"\\u0000" in line:
        return None
    event_type, data = doc["type"], doc["data"]
    try:
        incoming = Incoming.of(doc)
        instants = [incoming.at, *(parse_us(data[name]) for name in _INSTANTS_OF[event_type] if data.get(name))]
    except (TypeError, ValueError):  # a day that the calendar does not have; a text that is none
        return None
    if min(instants) < FROM or max(instants) > UNTIL:
        return None
    check = _EXTRA_CHECKS.get(event_type)
    if check is not None:
        check(data)
    return incoming


def _all_there(line: bytes, incoming: Incoming) -> bool:
    """Whether no key or text of a line is missing in what was made of it."""
    return line.count(b'"') == incoming.state.count(b'"') and b"\\u0022" not in line


def read_document(doc: dict[str, Any]) -> Incoming:
    """Validate an event that is already a JSON-like dict (as `record` builds it)."""
    try:
        line = orjson.dumps(doc)
    except (TypeError, ValueError) as error:
        raise Refused("invalid_event", f"not a JSON document: {one_line(str(error))}") from None
    return read_line(line)


def typed(doc: dict[str, Any]) -> Event:
    """The pydantic event of a stored document (validated once more, as a reader in another language would)."""
    return ANY_EVENT.validate_json(orjson.dumps(doc))


def _checked(doc: dict[str, Any], line: bytes) -> Incoming:
    """What a schema cannot say: RFC 3339 spelling, zones, decimals of a currency, NUL."""
    if b"\\u0000" in line and _has_nul(doc):
        raise Refused("invalid_event", "a text holds a NUL character; remove it")
    event_type, further = doc["type"], len(doc) > _ATTRIBUTES
    if further:
        for name in OURS:
            doc.pop(name, None)
    if event_type in FREE_FORM:
        doc = _whole_numbers(doc)
    if further:
        _check_extensions(doc)
    data = doc["data"]
    _check_instant("time", doc["time"])
    for name in _INSTANTS_OF[event_type]:
        if data.get(name) is not None:
            _check_instant(name, data[name])
    check = _EXTRA_CHECKS.get(event_type)
    if check is not None:
        check(data)
    return Incoming.of(doc)


def _check_instant(name: str, text: str) -> None:
    if RFC3339.fullmatch(text) is None:
        raise Refused("invalid_event", f"{name}: {text!r} is not RFC 3339; write 2026-03-02T09:00:00+01:00")


def _check_extensions(doc: dict[str, Any]) -> None:
    for name, value in doc.items():
        if not _EXTENSION_NAME.fullmatch(name):
            raise Refused("invalid_event", f"{name!r} is not an attribute name of CloudEvents (a-z 0-9, at most 20)")
        if name != "data" and value is not None and not isinstance(value, str | int | bool):
            raise Refused("invalid_event", f"{name}: an attribute is a text, a whole number or true/false")
        if isinstance(value, str) and len(value) > 1024:
            raise Refused("invalid_event", f"{name}: an attribute has at most 1024 characters")


def _check_request(data: dict[str, Any]) -> None:
    try:
        zone(data["timezone"])
    except (KeyError, ValueError, OSError):
        raise Refused(
            "invalid_event", f"timezone: {data['timezone']!r} is not an IANA zone; write e.g. Europe/Paris"
        ) from None
    to_minor(data["price"]["amount"], data["price"]["currency"])


def _check_added(data: dict[str, Any]) -> None:
    for service in data.get("added") or ():
        to_minor(service["price"]["amount"], service["price"]["currency"])


def _check_estimate(data: dict[str, Any]) -> None:
    if data.get("estimate"):
        to_minor(data["estimate"]["amount"], data["estimate"]["currency"])


def _check_adjustment(data: dict[str, Any]) -> None:
    refund = data.get("refund")
    if (refund is None) == (data.get("duration_minutes") is None):
        raise Refused("invalid_event", "an adjustment gives either duration_minutes or refund")
    if refund is None and data.get("parts") is not None:
        raise Refused("invalid_event", "parts: only a refund is given back in parts")
    if refund is not None and to_minor(refund["amount"], refund["currency"]) < (data.get("parts") or 1):
        raise Refused("invalid_event", "refund: each part gives back at least the smallest unit of the currency")


def _check_span(data: dict[str, Any]) -> None:
    if parse_us(data["ends_at"]) <= parse_us(data["starts_at"]):
        raise Refused("invalid_event", "ends_at must come after starts_at")


_EXTRA_CHECKS = {
    "mission.requested": _check_request,
    "mission.duration_modified": _check_added,
    "mission.damage_declared": _check_estimate,
    "billing.adjusted": _check_adjustment,
    "pro.unavailable": _check_span,
}


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(item) for pair in value.items() for item in pair)
    return isinstance(value, list) and any(_has_nul(item) for item in value)


def _check_keys(line: bytes) -> None:
    """Refuse a key that comes twice: readers differ in which of its values they take."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise Refused("invalid_event", f"the key {name!r} comes twice; send it once")

    json.loads(line, object_pairs_hook=once)


def _whole_numbers(value: Any) -> Any:
    """The same JSON value with `45.0` and `4.5e1` spelt `45`."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, dict):
        return {key: _whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    return value


def _revalidate(normal: dict[str, Any], first: ValidationError) -> None:
    """Validate again with whole numbers spelt as such; raise the refusal if it still fails."""
    try:
        ANY_EVENT.validate_json(orjson.dumps(normal))
    except ValidationError as error:
        raise refusal(error, normal) from first
