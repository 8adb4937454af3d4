"""Reading a policy: from a TOML file, or from the JSON document that a `policy.published` event carries.

Every value is checked by the models, and written out in canonical spelling: nothing is a float, and what a file leaves
out stands in the document, so that a later default never changes a recorded policy; nor does a parameter added later.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from ledger.errors import Refused
from ledger.instants import to_text, to_us
from ledger.policies.faults import translate
from ledger.policies.merging import named_in
from ledger.policies.overrides import city_terms
from ledger.policies.policy import LATER, Policy
from ledger.policies.problems import Problem, one_line, shown
from ledger.policies.sections import Terms
from ledger.policies.values import Identifier, Instant, Version

__all__ = ["Policy", "from_document", "from_toml", "parse", "plain", "read"]


class PolicyFile(Terms):
    """What a policy file says, without its cities."""

    id: Identifier
    version: Version
    effective_from: Instant

    def document(self) -> dict[str, Any]:
        """In plain JSON types: defaults written out, but for a parameter of `LATER`."""
        named = {"id": self.id, "version": self.version, "effective_from": plain(self.effective_from)}
        document: dict[str, Any] = named | self.terms_document()
        for name, section in LATER.items():
            for key, default in section.items():
                if document[name][key] == default:
                    del document[name][key]
        return document

    def terms_document(self) -> dict[str, Any]:
        """Everything but the policy's name: what every place has in common."""
        return {key: plain(getattr(self, key)) for key in Terms.model_fields}


def plain(value: Any) -> Any:
    """A value of a policy in JSON types; what is not set is left out."""
    if isinstance(value, BaseModel):
        document = {key: plain(getattr(value, key)) for key in type(value).model_fields}
        return {key: each for key, each in document.items() if each is not None}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return to_text(to_us(value))
    return value


def from_toml(text: str, *, origin: str) -> Policy:
    """The policy of a TOML text; `origin` (a file's name) begins the message of a refusal.

    Refuses with `invalid_policy`, or `naive_timestamp` where an instant has no offset; one line, all in
    `details["problems"]`.
    """
    raw, problems = parse(text)
    policy, found = (None, problems) if problems else read(raw)
    return _settled(policy, found, origin)


def from_document(document: Mapping[str, Any], *, origin: str = "the policy document") -> Policy:
    """The policy of a JSON document, as `policy.published` carries it. Refuses as `from_toml` does."""
    return _settled(*read(document), origin)


def parse(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a TOML text, or the one problem that keeps it from being TOML."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff")), []
    except RecursionError:
        return {}, [Problem("", "is nested too deeply for a policy file")]
    except ValueError as error:  # TOMLDecodeError, and numbers or dates Python cannot hold
        return {}, [Problem("", f"is not TOML: {error}")]


def read(raw: object) -> tuple[Policy | None, list[Problem]]:
    """The policy, or every problem found: first of the policy itself, then city by city."""
    if not isinstance(raw, Mapping):
        return None, [Problem("", f"is not a policy: {shown(raw)}; write a table of sections")]
    base = {key: value for key, value in raw.items() if key != "city"}
    problems: list[Problem] = []
    common: PolicyFile | None = None
    try:
        common = PolicyFile.model_validate(base)
    except ValidationError as error:
        problems = translate(error, PolicyFile)
    cities = raw.get("city", {})
    if not isinstance(cities, Mapping):
        return None, [*problems, Problem("city", f"= {shown(cities)} is not allowed: write tables [city.<name>]")]
    below = common.terms_document() if common else _what_is_readable(base)
    overrides: dict[str, dict[str, Any]] = {}
    for name, override in cities.items():
        terms, found = city_terms(str(name), override, below)
        problems += found
        if terms is not None:
            overrides[name] = named_in(override, plain(terms))
    if common is None or problems:
        return None, problems
    return Policy(common.document() | ({"city": overrides} if overrides else {})), []


def _what_is_readable(base: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of a faulty policy that are right, else their defaults: its cities can still be judged by them."""
    document: dict[str, Any] = plain(Terms())
    for key in document.keys() & base.keys():
        try:
            document[key] = plain(getattr(Terms.model_validate({key: base[key]}), key))
        except ValidationError:
            continue  # already among the problems of the policy itself
    return document


def _settled(policy: Policy | None, problems: list[Problem], origin: str) -> Policy:
    if policy is not None:
        return policy
    first, more = problems[0], len(problems) - 1
    rest = f" (and {more} more: `mission-ledger policy lint` lists them)" if more else ""
    joint = ": " if first.path else " "
    message = one_line(f"{origin}{joint}{first.message}{rest}")
    raise Refused(first.code, message, problems=[each.message for each in problems])
