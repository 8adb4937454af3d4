"""Whether a policy's document is spelled as this program spells it, so that it can be taken as it stands.

It says nothing about the values: they were checked when the policy was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.instants import parse_us, to_text
from ledger.policies.policy import LATER


def canonical(document: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """Whether the document has every key of `whole`, which is known to be canonical, and each value in its type.

    So a rate that is no string is none, nor an instant that is not in UTC, nor a parameter of `LATER` at its default.
    """
    terms = {key: value for key, value in document.items() if key != "city"}
    cities = document.get("city")
    for name, section in LATER.items():
        if not isinstance(terms.get(name), Mapping):
            return False
        given = {key: value for key, value in terms[name].items() if key in section}
        if any(section[key] == value or type(section[key]) is not type(value) for key, value in given.items()):
            return False
        terms[name] = {key: value for key, value in terms[name].items() if key not in section}
    return (
        _alike(terms, whole, complete=True)
        and document["effective_from"] == _in_utc(document["effective_from"])
        and (cities is None or (isinstance(cities, Mapping) and cities != {} and _all_alike(cities, whole)))
    )


def in_order_of(whole: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its keys in the order of `whole`; what that has not comes last."""
    ordered: dict[str, Any] = {}
    for key in sorted(document, key=[*whole, *document].index):
        value, like = document[key], whole.get(key)
        nested = isinstance(value, Mapping) and isinstance(like, Mapping)
        ordered[key] = in_order_of(like, value) if nested else value  # type: ignore[arg-type]
    return ordered


def _all_alike(cities: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    full = dict(whole) | {name: dict(whole[name]) | section for name, section in LATER.items()}
    return all(isinstance(each, Mapping) and _alike(each, full, complete=False) for each in cities.values())


def _alike(value: Any, like: Any, *, complete: bool, key: str = "") -> bool:
    """Whether a value has the type of another, a table its keys: all of them, or for an override some."""
    if not isinstance(like, Mapping):
        return type(value) is type(like)
    if not isinstance(value, Mapping):
        return False
    if key == "window":
        return all(type(each) is (str if name == "kind" else int) for name, each in value.items())
    if key == "commission_by_service":
        return all(type(each) is str for each in value.values())
    if value.keys() != like.keys() if complete else not value.keys() <= like.keys():
        return False
    return all(_alike(each, like[name], complete=complete, key=name) for name, each in value.items())


def _in_utc(instant: str) -> str:
    try:
        return to_text(parse_us(instant))
    except ValueError:
        return ""
