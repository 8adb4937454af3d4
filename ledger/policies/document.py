"""The policy: one version of every number a rule or a bill reads, exact, frozen and named.

It comes from a TOML file or from the JSON document that a `policy.published` event carries, and goes back into that
document without loss. Nothing is a float, nothing is read from a clock, and what a file leaves out is written out in
the document, so that a later default never changes a recorded policy; nor does a parameter added later.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, Field, ValidationError

from ledger.errors import Refused
from ledger.instants import to_text, to_us
from ledger.policies.overrides import city_terms, merged, named_in
from ledger.policies.problems import Problem, one_line, shown, translate
from ledger.policies.sections import Terms
from ledger.policies.values import Allowed, Identifier, Instant, Later, Version


class Policy(Terms):
    """One version of a policy. Build it with `from_toml` or `from_document`, which also check the cities' overrides.

    Two policies are equal when their documents are, byte by byte.
    """

    id: Identifier
    version: Version
    effective_from: Instant
    city: Annotated[dict[str, dict[str, Any]], Allowed("tables [city.<name>]")] = Field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """`mila@2018-06`: how events, findings and people name this version."""
        return f"{self.id}@{self.version}"

    @cached_property
    def effective_from_us(self) -> int:
        """Microseconds since 1970 from which the version is in force."""
        return to_us(self.effective_from)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (hex) of the canonical JSON of `document()`: sorted keys, no spaces, UTF-8."""
        return sha256(orjson.dumps(self.document(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    def document(self) -> dict[str, Any]:
        """The whole policy in plain JSON types: defaults written out, decimals as strings, instants as RFC 3339.

        Only a parameter that was added `Later` is left out at its default: older policies keep their document.
        """
        named = {"id": self.id, "version": self.version, "effective_from": to_text(self.effective_from_us)}
        cities = {"city": plain(self.city)} if self.city else {}
        return {**named, **_without_later_defaults(self, self.terms_document()), **cities}

    def terms_document(self) -> dict[str, Any]:
        """`document()` without the policy's name and its cities: what every place has in common."""
        return {key: plain(getattr(self, key)) for key in Terms.model_fields}

    def for_city(self, city: str) -> Terms:
        """What the policy says in one city: the overrides of `[city.<name>]` applied, else the policy itself."""
        return self._terms_by_city.get(city, self)

    @cached_property
    def _terms_by_city(self) -> dict[str, Terms]:
        base = self.terms_document()
        return {name: Terms.model_validate(merged(base, override)) for name, override in self.city.items()}

    def commission_rate(self, service: str, city: str) -> Fraction:
        """The share of the rounded gross that the platform keeps, 0 to 1."""
        billing = self.for_city(city).billing
        return _exact(billing.commission_by_service.get(service, billing.commission))

    def checkin_replaces_wait(self, service: str, city: str) -> bool:
        """Whether a verified check-in makes waiting for an absent client unnecessary (Wecasa 6, « ou … Check-in »)."""
        return service in self.for_city(city).client_absent.checkin_replaces_wait

    def fee_cap(self, city: str) -> tuple[int, str]:
        """The most a client-absent mission is paid: minor units and their currency."""
        cap = self.for_city(city).client_absent.fee_cap
        return cap.minor, cap.currency

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Policy) and self.sha256 == other.sha256)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Policy({self.name!r}, sha256={self.sha256[:12]!r})"


def _without_later_defaults(terms: Terms, document: dict[str, Any]) -> dict[str, Any]:
    """The document of `terms` as it was before parameters were added that `terms` leaves at their defaults."""
    for name in Terms.model_fields:
        section = getattr(terms, name)
        if isinstance(section, BaseModel):
            for key, field in type(section).model_fields.items():
                if Later() in field.metadata and getattr(section, key) == field.default:
                    del document[name][key]
    return document


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
    common: Policy | None = None
    try:
        common = Policy.model_validate(base)
    except ValidationError as error:
        problems = translate(error, Policy)
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
    return (common if not overrides else Policy.model_validate({**base, "city": overrides})), []


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


@lru_cache(maxsize=1024)
@lru_cache(maxsize=1024)
def _exact(rate: Decimal) -> Fraction:
    return Fraction(rate)
