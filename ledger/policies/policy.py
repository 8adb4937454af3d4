"""`Policy`: one version of every number a rule or a bill reads, exact, frozen and named.

A policy is its document, which the models of `sections` checked once: when the file was read, or before the event was
recorded (`document`). To ask it takes no models; importing those takes longer than most answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.instants import parse_us
from ledger.money import to_minor
from ledger.policies.merging import merged

if TYPE_CHECKING:
    from ledger.policies.sections import Terms

WHOLE_POLICY = ("id", "version", "effective_from", "city")
"""What names the policy itself and so cannot differ by city; all other keys of a document are its terms."""

LATER: dict[str, dict[str, Any]] = {"due_process": {"grace_days": 0}}
"""Parameters that were added after the first policies had been recorded, with their defaults.

At its default such a parameter is left out of a policy's document, so that theirs keep the hash under which they are
known. The default must therefore stay what those policies were judged by.
"""


@dataclass(frozen=True, eq=False, repr=False)
class Policy:
    """One version of a policy. `checked` is its document in canonical spelling, which nobody changes.

    Build it with `document.from_toml`, `document.from_document` or `shipped.recorded`. Two policies are equal when
    their documents are, byte by byte.
    """

    checked: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Of which policy this is a version: `mila`."""
        return str(self.checked["id"])

    @property
    def version(self) -> str:
        """Which version it is: `2018-06`."""
        return str(self.checked["version"])

    @cached_property
    def name(self) -> str:
        """`mila@2018-06`: how events, findings and people name this version."""
        return f"{self.id}@{self.version}"

    @cached_property
    def effective_from_us(self) -> int:
        """Microseconds since 1970 from which the version is in force."""
        return parse_us(self.checked["effective_from"])

    @cached_property
    def city(self) -> Mapping[str, Mapping[str, Any]]:
        """The overrides of each `[city.<name>]`."""
        overrides: Mapping[str, Mapping[str, Any]] = self.checked.get("city", {})
        return overrides

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (hex) of the canonical JSON of `document()`: sorted keys, no spaces, UTF-8."""
        return sha256(orjson.dumps(self.checked, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def document(self) -> dict[str, Any]:
        """The whole policy in plain JSON types: defaults written out, decimals as strings, instants as RFC 3339.

        Only a parameter of `LATER` is left out at its default: older policies keep their document.
        """
        return deepcopy(dict(self.checked))

    def values(self, city: str) -> Mapping[str, Any]:
        """What the policy says in one city, by section and key, as its document spells it; nothing is left out."""
        return self._values_by_city.get(city) or self._values_by_city[""]

    @cached_property
    def _values_by_city(self) -> dict[str, Mapping[str, Any]]:
        told = {key: each for key, each in self.checked.items() if key not in WHOLE_POLICY}
        base = merged(told, {name: section | told[name] for name, section in LATER.items()})
        return {"": base} | {name: merged(base, override) for name, override in self.city.items()}

    def for_city(self, city: str) -> Terms:
        """What the policy says in one city, as the models read it; without a name (`""`) what it says elsewhere."""
        return self._terms_by_city(city if city in self.city else "")

    @property
    def terms(self) -> Terms:
        """What the policy says wherever no city says otherwise."""
        return self._terms_by_city("")

    def _terms_by_city(self, city: str) -> Terms:
        from ledger.policies.sections import Terms  # noqa: PLC0415  pydantic: only for who wants the models

        found = self._terms.get(city)
        if found is None:
            found = self._terms[city] = Terms.model_validate(self.values(city))
        return found

    @cached_property
    def _terms(self) -> dict[str, Terms]:
        return {}

    def commission_rate(self, service: str, city: str) -> Fraction:
        """The share of the rounded gross that the platform keeps, 0 to 1."""
        billing = self.values(city)["billing"]
        return _exact(billing["commission_by_service"].get(service, billing["commission"]))

    def checkin_replaces_wait(self, service: str, city: str) -> bool:
        """Whether a verified check-in makes waiting for an absent client unnecessary (Wecasa 6, « ou … Check-in »)."""
        return service in self.values(city)["client_absent"]["checkin_replaces_wait"]

    def fee_cap(self, city: str) -> tuple[int, str]:
        """The most a client-absent mission is paid: minor units and their currency."""
        cap = self.values(city)["client_absent"]["fee_cap"]
        return to_minor(cap["amount"], cap["currency"]), cap["currency"]

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Policy) and self.sha256 == other.sha256)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Policy({self.name!r}, sha256={self.sha256[:12]!r})"


@lru_cache(maxsize=1024)
def _exact(rate: str) -> Fraction:
    return Fraction(rate)
