"""The rule book as it is applied: each rule with its parameters, and in which cities they are others, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.instants import to_text
from ledger.policies.descriptions import DESCRIPTIONS, present, shown
from ledger.policies.parameters import Parameters, parameters
from ledger.policies.policy import Policy
from ledger.policies.register import Register
from ledger.rulebook import Rule
from ledger.rulebook.advice import ADVICE
from ledger.rulebook.terms import parameters_of

Answer = dict[str, Any]


def rule_book(
    register: Register, chosen: Iterable[Rule], *, policy: Policy | None, city: str | None, now: int
) -> Answer:
    """`{"policy", "in_force_since", "event", "position", "city", "rules": [..]}` under a policy, or that in force now.

    Each rule: id, ladder, removal, text, citations, decided, not_counted, `parameters` by path, `parameters_shown`
    (path, value, text), and `cities`: where they are others, which, by an override or a baseline, since when, and by
    which event. `event` and `position` are None for a preset or a file.
    """
    publication = register.publication_in_force(now)
    if policy is not None:
        publication = next((each for each in register if each.policy == policy), None)
    terms = policy or register.in_force(now)
    source = {
        "since": to_text(terms.effective_from_us),
        "event": publication.event_id.partition(" ")[2] if publication else None,
        "position": publication.position if publication else None,
    }
    return {
        "policy": terms.name,
        "in_force_since": source["since"],
        "event": source["event"],
        "position": source["position"],
        "city": city,
        "rules": [_rule(rule, register, terms, city, source) for rule in chosen],
    }


def advice() -> list[Answer]:
    """The sentences of the charters that are no rules, each with why it counts for nothing."""
    return [each._asdict() for each in ADVICE]


def _rule(rule: Rule, register: Register, policy: Policy, city: str | None, source: Answer) -> Answer:
    names = parameters_of(rule)
    terms = parameters(policy, city or "", register.baseline(city) if city else None)
    return {
        "id": rule.id,
        "ladder": rule.ladder,
        "removal": rule.removal,
        "text": rule.text,
        "citations": [
            {"document": each.document, "place": each.place, "sentence": each.sentence, "gloss": each.gloss}
            for each in rule.citations
        ],
        "decided": list(rule.decided),
        "not_counted": list(rule.not_counted),
        "parameters": present(terms, names),
        "parameters_shown": _shown(terms, names),
        "cities": _cities(register, policy, names, city, source),
    }


def _shown(terms: Parameters, names: Iterable[str]) -> list[Answer]:
    texts = {DESCRIPTIONS[name].path: (shown(terms, name), DESCRIPTIONS[name].text) for name in names}
    return [{"path": path, "value": value, "text": text} for path, (value, text) in texts.items()]


def _cities(
    register: Register, policy: Policy, names: tuple[str, ...], city: str | None, source: Answer
) -> list[Answer]:
    """The cities (or the one asked for) in which a rule reads other numbers than elsewhere, in order of name."""
    found: list[Answer] = []
    general = parameters(policy, "")
    for name in sorted({*policy.city, *register.baselines}):
        if city is not None and name != city:
            continue
        own = parameters(policy, name)
        with_baseline = parameters(policy, name, register.baseline(name))
        changes = [
            (names_of, by)
            for names_of, by in (
                (_others(own, general, names), {"kind": "override", **source}),
                (_others(with_baseline, own, names), {"kind": "baseline", **_of_baseline(register, name)}),
            )
            if names_of
        ]
        found += [
            {
                "city": name,
                "by": by,
                "parameters": present(with_baseline, names_of),
                "parameters_shown": _shown(with_baseline, names_of),
            }
            for names_of, by in changes
        ]
    return found


def _others(terms: Parameters, general: Parameters, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(terms, name) != getattr(general, name))


def _of_baseline(register: Register, city: str) -> Answer:
    published = register.baselines.get(city)
    if not published:
        return {}
    latest = published[-1]
    event_id = latest.baseline.event_id or ""
    return {"since": to_text(latest.time_us), "event": event_id.partition(" ")[2], "position": latest.position}
