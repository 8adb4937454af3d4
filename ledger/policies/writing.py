"""`to_toml`: a policy as a commented TOML file that reads back as the same policy.

The standard library only reads TOML; this writes the one shape a policy has. Every value is printed, also those left at
their default, with the field's description beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from ledger.instants import to_text
from ledger.policies.document import plain
from ledger.policies.policy import Policy
from ledger.policies.problems import path_text
from ledger.policies.sections import Terms

_COMMENT_COLUMN = 39


def to_toml(policy: Policy) -> str:
    """The policy as TOML text; `from_toml(to_toml(policy), …) == policy`."""
    lines = [
        f"id = {_value(policy.id)}",
        f"version = {_value(policy.version)}",
        f"effective_from = {to_text(policy.effective_from_us)}",
        _line("decision", policy.terms.decision, Terms.model_fields["decision"].description),
    ]
    for name in Terms.model_fields:
        section = getattr(policy.terms, name)
        if isinstance(section, BaseModel):
            lines += ["", f"# {(type(section).__doc__ or '').strip()}", f"[{name}]"]
            lines += [
                _line(key, plain(getattr(section, key)), field.description)
                for key, field in type(section).model_fields.items()
            ]
    for city, override in policy.city.items():
        lines += ["", f"# What is different in {city}.", *_city(city, override)]
    return "\n".join(lines) + "\n"


def _city(city: str, override: Mapping[str, Any]) -> list[str]:
    """The table of a city and one below it for each section it overrides; an empty override keeps its header."""
    lines = [f"[{path_text(('city', city))}]"]
    lines += [_line(key, value) for key, value in override.items() if not isinstance(value, Mapping)]
    for section, values in override.items():
        if isinstance(values, Mapping):
            lines.append(f"[{path_text(('city', city, section))}]")
            lines += [_line(key, value) for key, value in values.items()]
    return lines


def _line(key: str, value: Any, comment: str | None = None) -> str:
    assignment = f"{_key(key)} = {_value(value)}"
    return f"{assignment:<{_COMMENT_COLUMN - 1}} # {comment}" if comment else assignment


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def _value(value: Any) -> str:
    """One value inline; policies hold strings, whole numbers, lists of strings and small tables."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(each if each.isprintable() else _escape(each) for each in escaped) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    assert isinstance(value, int), f"a policy holds no {type(value).__name__}"
    return str(value)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
