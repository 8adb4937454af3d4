"""One table of a policy laid over another: `[city.<name>]` over the policy, a stored document over the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with every value that `override` names replaced; neither is changed.

    Tables are merged key by key, lists and single values are replaced. A `window` of another kind replaces the window:
    `{ kind = "all" }` over `{ kind = "days", days = 90 }` leaves no days.
    """
    result = dict(base)
    for key, value in override.items():
        below = base.get(key)
        if not isinstance(value, Mapping) or not isinstance(below, Mapping):
            result[key] = value
        elif "kind" in value and value["kind"] != below.get("kind"):
            result[key] = dict(value)
        else:
            result[key] = merged(below, value)
    return result


def named_in(override: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Of `document`, only what `override` names: the override in canonical spelling."""
    return {
        key: named_in(value, document[key]) if isinstance(value, Mapping) else document[key]
        for key, value in override.items()
        if key in document  # a null, which is the same as not being named
    }
