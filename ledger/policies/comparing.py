"""What is different between two policies, parameter by parameter, and whom it is harder on.

`stricter` and `milder` are meant for the pro, and said only of numbers that a rule compares or a deadline is counted
by: a shorter window may help or harm, and an amount of money is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger.policies.descriptions import DESCRIPTIONS, shown
from ledger.policies.document import plain
from ledger.policies.parameters import parameters
from ledger.policies.policy import Policy
from ledger.policies.problems import path_text
from ledger.policies.sections import Cap, Section, Terms


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter that differs. `a` and `b` as the policy file spells them, None where the file has no such entry.

    `city` is None for what holds wherever no city says otherwise; `not_in` are cities whose own values leave no
    difference. `effect` is `stricter`, `milder`, or None.
    """

    path: str
    city: str | None
    a: Any
    b: Any
    a_shown: str
    b_shown: str
    text: str
    effect: str | None
    not_in: tuple[str, ...] = ()


# What no rule reads as one number, and so is not in DESCRIPTIONS.
TEXTS: dict[str, str] = {
    "client_absent.checkin_replaces_wait": "services where a check-in makes waiting for an absent client unnecessary",
    "client_absent.fee_cap": "the most that is paid when the client is absent",
    "billing.commission": "the share of the gross that the platform keeps",
    "billing.commission_by_service": "the share that the platform keeps instead, for this service",
    "damage.documents": "what a complete damage file holds",
    "city_baseline.days": "days that city compute looks back on",
    "city_baseline.min_pros": "pros below which a city takes the national figure",
    "city_baseline.max_factor": "how many times its average a city's maximum is",
    "city_baseline.max_floor": "the lowest maximum that city compute gives",
    "due_process.policy_notice_days": "days between notice of a version and its effect",
}
_SHARES = frozenset({"billing.commission", "billing.commission_by_service", "city_baseline.max_floor"})
_DAYS = frozenset({"city_baseline.days", "due_process.policy_notice_days"})
_NAMES = {read.path: name for name, read in DESCRIPTIONS.items() if read.path not in TEXTS}

_MORE_IS_STRICTER = frozenset(
    {
        "late_cancellation.threshold_hours",
        "late_cancellation.window_days",
        "late_cancellation.restrict_hours",
        "rating.minimum",
        "rating.approach_margin",
        "negative_reviews.max_stars",
        "negative_reviews.window",
        "warnings.expiry_days",
        "client_absent.wait_minutes",
        "damage.documents",
    }
)
_MORE_IS_MILDER = frozenset(
    {
        "cancellation.min_accepted",
        "cancellation.average",
        "cancellation.maximum",
        "late_cancellation.count",
        "no_show.warn_at",
        "no_show.exclude_at",
        "rating.min_ratings",
        "negative_reviews.count",
        "warnings.max",
        "warnings.cooldown_days",
        "client_absent.checkin_replaces_wait",
        "damage.declare_within_days",
        "city_baseline.max_factor",
        "city_baseline.max_floor",
        "due_process.policy_notice_days",
        "due_process.termination_notice_days",
        "due_process.complaint_months",
        "due_process.grace_days",
    }
)
_MILDEST_FIRST: dict[str, tuple[str, ...]] = {
    "decision": ("human", "automatic"),
    "cancellation.denominator": ("accepted", "accepted_and_due"),  # what is not due yet dilutes the rate
    "no_show.confirmation": ("required", "none"),
    "billing.closes": ("end_of_next_local_day", "noon_next_local_day", "end_of_same_local_day"),
}


def differences(a: Policy, b: Policy, city: str | None = None) -> list[Difference]:
    """Every parameter that differs, in the order of the file: first of the policies themselves, then city by city.

    A city repeats only what is different there in another way. With `city` it is that city's values that are compared.
    """
    if city is not None:
        return list(_between(a, b, city))
    common = list(_between(a, b, None))
    of_city = {name: list(_between(a, b, name)) for name in sorted({*a.city, *b.city})}
    found = [replace(each, not_in=_without(each.path, of_city)) for each in common]
    said = {_said(each) for each in common}
    for listed in of_city.values():
        found += [each for each in listed if _said(each) not in said]
    return found


def _without(path: str, of_city: Mapping[str, list[Difference]]) -> tuple[str, ...]:
    """The cities whose own values leave no difference there."""
    return tuple(city for city, listed in of_city.items() if all(each.path != path for each in listed))


def _said(difference: Difference) -> tuple[str, str, str]:
    return difference.path, difference.a_shown, difference.b_shown


def _between(a: Policy, b: Policy, city: str | None) -> Iterator[Difference]:
    values_a, values_b = (dict(_leaves(each.for_city(city or ""))) for each in (a, b))
    for path in [*values_a, *(path for path in values_b if path not in values_a)]:
        before, after = values_a.get(path), values_b.get(path)
        if _same(before, after):
            continue
        general = ".".join(path.split(".")[:2])  # a service's commission is described by its table
        text = TEXTS.get(general) or DESCRIPTIONS[_NAMES[general]].text
        yield Difference(
            path=path,
            city=city,
            a=plain(before),
            b=plain(after),
            a_shown=_shown(a, city, general, before),
            b_shown=_shown(b, city, general, after),
            text=text,
            effect=_effect(general, before, after),
        )


def _leaves(terms: Terms) -> Iterator[tuple[str, Any]]:
    """(path, value) of everything a policy says in one place; a window or a cap is one value."""
    for name in Terms.model_fields:
        section = getattr(terms, name)
        if not isinstance(section, Section):
            yield name, section
            continue
        for key in type(section).model_fields:
            value = getattr(section, key)
            if isinstance(value, Mapping):
                for service in sorted(value):
                    yield path_text((name, key, service)), value[service]
            else:
                yield f"{name}.{key}", value


def _same(a: Any, b: Any) -> bool:
    """Whether two values mean the same: "0.04" is "0.040", and the order of a list says nothing."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return set(a) == set(b)
    return bool(a == b)


def _shown(policy: Policy, city: str | None, path: str, value: Any) -> str:
    if value is None:
        return "not listed"
    if path in _NAMES:
        return shown(parameters(policy, city or ""), _NAMES[path])
    if isinstance(value, Cap):
        return f"{value.text} {value.currency}"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if path in _SHARES:
        hundredfold = (value * 100).normalize()
        return f"{hundredfold:.{max(2, -int(hundredfold.as_tuple().exponent))}f} %"
    return f"{value} days" if path in _DAYS else str(value)


def _effect(path: str, a: Any, b: Any) -> str | None:
    """Whether `b` is harder on a pro than `a`."""
    if path in _MILDEST_FIRST:
        order = _MILDEST_FIRST[path]
        return "stricter" if order.index(b) > order.index(a) else "milder"
    if path not in _MORE_IS_STRICTER | _MORE_IS_MILDER:
        return None
    if isinstance(a, tuple):
        more, less = set(b) > set(a), set(b) < set(a)
    else:
        more, less = b > a, b < a
    if not more and not less:  # lists of which neither holds the other
        return None
    return "stricter" if more == (path in _MORE_IS_STRICTER) else "milder"
