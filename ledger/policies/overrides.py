"""`[city.<name>]`: the values that are different in one place, merged over the rest of the policy.

An override has the shape of the file itself; `merging` says how it is laid over what holds elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ledger.policies.faults import translate
from ledger.policies.merging import merged
from ledger.policies.policy import WHOLE_POLICY
from ledger.policies.problems import Problem, near, path_text
from ledger.policies.sections import Terms
from ledger.policies.values import IDENTIFIER


def city_terms(name: str, override: object, base: Mapping[str, Any]) -> tuple[Terms | None, list[Problem]]:
    """The terms of one city over the `base` document, or what is wrong with its override.

    `base` is a valid document of `Terms`, so whatever is wrong was brought by the override.
    """
    where = ("city", name)
    if not IDENTIFIER.fullmatch(name):
        text = "is not a city: write a table [city.<name>], the name 1 to 128 characters out of A-Z a-z 0-9 . _ : -"
        return None, [Problem(path_text(where), text)]
    if not isinstance(override, Mapping):
        return None, [Problem(path_text(where), f"is not allowed: write a table [{path_text(where)}]")]
    problems = [
        Problem(path_text((*where, key)), "names the whole policy: a city cannot change it")
        for key in WHOLE_POLICY
        if key in override
    ]
    rest = {key: value for key, value in override.items() if key not in WHOLE_POLICY}
    for key in [key for key, value in rest.items() if isinstance(value, Mapping) and _is_dotted_name(key, value)]:
        whole = path_text(("city", f"{name}.{key}"))
        problems.append(Problem(path_text((*where, key)), f"is no section; a city with a dot is written [{whole}]"))
        del rest[key]
    try:
        terms = Terms.model_validate(merged(base, rest))
    except ValidationError as error:
        return None, problems + translate(error, Terms, where)
    return (None, problems) if problems else (terms, [])


def _is_dotted_name(key: str, value: Mapping[str, Any]) -> bool:
    """`[city.st.gallen.rating]` reads as city `st`, section `gallen`: what it holds shows what was meant."""
    return (
        key not in Terms.model_fields
        and near(key, Terms.model_fields) is None
        and not (set(value) - set(Terms.model_fields))
    )
