"""`lint`: every fault of a policy file at once, and what is allowed but probably not meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from ledger.instants import to_us
from ledger.policies.document import parse, read
from ledger.policies.merging import merged
from ledger.policies.policy import Policy
from ledger.policies.problems import one_line, path_text
from ledger.policies.sections import Terms

PWD_FROM_US = to_us(datetime(2026, 12, 2, tzinfo=UTC))
"""Directive (EU) 2024/2831 on platform work is to be transposed by this day."""

EVENT_BYTES_AT_MOST = 65_536
"""A policy is published inside one event (contract, section 2)."""

_ENVELOPE_BYTES = 2_048


@dataclass(frozen=True, slots=True)
class Finding:
    """One line about a policy file. An error keeps it from being published, a warning does not."""

    severity: Literal["error", "warning"]
    origin: str
    path: str
    message: str
    code: str = ""

    def __str__(self) -> str:
        return one_line(f"{self.origin}: {self.severity}: {self.message}")


def lint(text: str, origin: str) -> list[Finding]:
    """Everything to say about a policy's TOML text: errors first, warnings only about a policy without errors."""
    raw, problems = parse(text)
    policy = None
    if not problems:
        policy, problems = read(raw)
    errors = [Finding("error", origin, each.path, each.message, each.code) for each in problems]
    if policy is None:
        return errors
    size = len(orjson.dumps(policy.document())) + _ENVELOPE_BYTES
    if size > EVENT_BYTES_AT_MOST:
        text = f"takes {size} bytes as an event, which holds {EVENT_BYTES_AT_MOST}: shorten the overrides"
        return [Finding("error", origin, "city", f"city {text}", "payload_too_large")]
    warnings = [*_of_cities(policy), *_of_the_file(raw)]
    for city, terms in [("", policy.terms), *((city, policy.for_city(city)) for city in policy.city)]:
        warnings += _of_terms(terms, policy, city)
    # A city repeats what it shares with the policy; say it once.
    said: dict[tuple[str, str], None] = dict.fromkeys(warnings)
    shared = {f"{path_text(('city', city))}." for city in policy.city}
    return [
        Finding("warning", origin, path, f"{path} {words}".strip(), "policy_warning")
        for path, words in said
        if not any(path.startswith(start) and (path.removeprefix(start), words) in said for start in shared)
    ]


def _of_cities(policy: Policy) -> Iterator[tuple[str, str]]:
    base = policy.values("")
    for city, override in policy.city.items():
        path = path_text(("city", city))
        if merged(base, override) == base:
            yield path, "changes nothing: take it out, or override a value"
        if "policy_notice_days" in override.get("due_process", {}):
            yield path, "overrides due_process.policy_notice_days, which is read from the whole policy only"
        if "city_baseline" in override and set(override["city_baseline"]) & {"min_pros"}:
            yield path, "overrides city_baseline.min_pros: other cities still fall back at the policy's own number"


def _of_the_file(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    billing = raw.get("billing", {})
    if "commission" in billing and "commission_by_service" not in billing:
        rates = ", ".join(f"{service} {rate:f}" for service, rate in Terms().billing.commission_by_service.items())
        yield (
            "billing.commission_by_service",
            f"is left out and stays as by default ({rates}): write {{}} for one commission everywhere",
        )


def _of_terms(terms: Terms, policy: Policy, city: str) -> Iterator[tuple[str, str]]:
    at = f"{path_text(('city', city))}." if city else ""
    if terms.rating.min_ratings > terms.rating.window:
        yield f"{at}rating.min_ratings", f"is above rating.window {terms.rating.window}: no mean will ever be judged"
    if terms.negative_reviews.count > terms.negative_reviews.window:
        yield f"{at}negative_reviews.count", "is above negative_reviews.window: it can never be reached"
    last = terms.cancellation.window
    if last.kind == "last_accepted" and last.size < terms.cancellation.min_accepted:
        yield f"{at}cancellation.window", "holds fewer missions than min_accepted: no rate will ever be judged"
    if terms.warnings.cooldown_days * (terms.warnings.max - 1) >= terms.warnings.expiry_days:
        yield (
            f"{at}warnings.expiry_days",
            f"is too short: {terms.warnings.max} warnings at least warnings.cooldown_days apart never stand together",
        )
    due = terms.due_process
    if due.policy_notice_days < 15:
        yield f"{at}due_process.policy_notice_days", "is below the 15 days of regulation (EU) 2019/1150, article 3(2)"
    if due.termination_notice_days < 30:
        yield (
            f"{at}due_process.termination_notice_days",
            "is below the 30 days of regulation (EU) 2019/1150, article 4(2)",
        )
    if due.complaint_months < 6:
        yield f"{at}due_process.complaint_months", "is below the 6 months of regulation (EU) 2022/2065, article 20(1)"
    if terms.decision == "automatic" and policy.effective_from_us >= PWD_FROM_US:
        yield (
            f"{at}decision",
            'is "automatic" after 2 December 2026, when directive (EU) 2024/2831 asks for a human decision in the EU',
        )
