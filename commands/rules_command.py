"""`rules`: the rule book as it is applied."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any

import click

from commands import output, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column
from ledger.errors import Misused

if TYPE_CHECKING:
    from rich.console import Console

    from ledger.policies.document import Policy
    from ledger.rulebook import Rule

_COLUMNS = (Column(title="rule", style="bold"), Column(title="leads to"), Column(title="what it says"))
_TERMS = (Column(title="parameter"), Column(title="value", number=True), Column(title="what it is"))


@click.command("rules", cls=Command)
@click.argument("rule", required=False)
@click.option(
    "--policy", "policy_name", metavar="NAME", help="Parameters of this policy. Default: the one in force now."
)
@click.option("--city", help="Parameters as this city overrides them.")
@click.pass_obj
def rules(session: Session, rule: str | None, policy_name: str | None, city: str | None) -> None:
    """Show the rule book, or RULE in full: its sentence in the charter, what we decided where the charter is silent,
    and the parameters in force.

    A policy is named by file, preset or id@version. A city's published baseline takes the place of average, maximum
    and minimum; it is not shown here but in the thresholds of `why`.

    \b
    Examples:
      mission-ledger rules
      mission-ledger rules cancellation.rate --city lyon
      mission-ledger rules no_show --policy eu-2026 --json
    """
    from ledger.rulebook import RULE, RULES

    if rule is not None and rule not in RULE:
        from difflib import get_close_matches

        meant = get_close_matches(rule, list(RULE), n=1)
        hint = f"did you mean {meant[0]}?" if meant else f"rules are {', '.join(RULE)}"
        raise Misused("unknown_rule", f"{rule!r} is no rule; {hint}")
    policy = _policy(session, policy_name)
    chosen = [RULE[rule]] if rule is not None else list(RULES)
    documents = [_document(each, policy, city or "") for each in chosen]
    if session.json:
        output.print_json({"policy": policy.name, "city": city, "rules": documents})
        return
    screen = output.console()
    if rule is None:
        tables.show(screen, _COLUMNS, [(each["id"], each["removal"], each["text"]) for each in documents])
        output.line(screen, f"policy {policy.name}; mission-ledger rules RULE shows one in full", style="dim")
        return
    _show(screen, documents[0], policy.name, city)


def _policy(session: Session, name: str | None) -> Policy:
    with session.ledger() as ledger:
        in_force = next(str(each["policy"]) for each in ledger.policies() if each["in_force"])
        return ledger.policy(name or in_force)


def _document(rule: Rule, policy: Policy, city: str) -> dict[str, Any]:
    from ledger.policies.descriptions import DESCRIPTIONS, present, shown
    from ledger.policies.parameters import parameters

    terms = parameters(policy, city)
    names = parameters_of(rule)
    values = present(terms, names)
    texts = {DESCRIPTIONS[name].path: (shown(terms, name), DESCRIPTIONS[name].text) for name in names}
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
        "parameters": values,
        "parameters_shown": [{"path": path, "value": value, "text": text} for path, (value, text) in texts.items()],
    }


def parameters_of(rule: Rule) -> tuple[str, ...]:
    """The parameters that a rule's functions name, followed into the rule functions they call, in policy order."""
    from ledger.policies.parameters import NAMES

    named: set[str] = set()
    for function in (rule.evaluate, rule.figures, rule.evidence):
        _collect(function, named, set())
    section = f"{rule.id.partition('.')[0]}_"
    return tuple(name for name in NAMES if name in named or name == "decision_automatic" or _counts_by(name, section))


def _counts_by(name: str, section: str) -> bool:
    """How figures are counted (window, denominator) is read outside the rule, under the rule's own section."""
    return name.startswith(section) and ("window" in name or "counts" in name or "confirmation" in name)


def _collect(function: Callable[..., Any], named: set[str], seen: set[str]) -> None:
    if not isinstance(function, FunctionType) or function.__qualname__ in seen:
        return
    seen.add(function.__qualname__)
    named.update(function.__code__.co_names)
    for name in function.__code__.co_names:
        called = function.__globals__.get(name)
        if isinstance(called, FunctionType) and called.__module__.startswith("ledger.rules"):
            _collect(called, named, seen)


def _show(screen: Console, rule: dict[str, Any], policy: str, city: str | None) -> None:
    output.heading(screen, f"{rule['id']} – leads to {rule['removal']}")
    output.paragraph(screen, rule["text"])
    for citation in rule["citations"]:
        screen.print()
        output.paragraph(screen, f"« {citation['sentence']} »", indent=2, style="italic")
        output.paragraph(screen, f"In English: {citation['gloss']}", indent=2)
        output.paragraph(screen, f"{citation['document']}, « {citation['place']} »", indent=2, style="dim")
    if rule["decided"]:
        screen.print()
        output.heading(screen, "Where the charter is silent, we decided")
        for each in rule["decided"]:
            output.paragraph(screen, f"– {each}", indent=2)
    screen.print()
    output.heading(screen, f"In force under {policy}" + (f" in {city}" if city else ""))
    rows = [(each["path"], each["value"], each["text"]) for each in rule["parameters_shown"]]
    tables.show(screen, _TERMS, rows)
