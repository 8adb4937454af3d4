"""`rules`: the rule book as it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column
from ledger.errors import Misused

if TYPE_CHECKING:
    from commands.screen import Screen

_COLUMNS = (Column(title="rule", style="bold"), Column(title="leads to"), Column(title="what it says"))
_TERMS = (Column(title="parameter"), Column(title="value", number=True), Column(title="what it is"))


@click.command("rules", cls=Command)
@click.argument("rule", required=False)
@click.option(
    "--policy", "policy_name", metavar="NAME", help="Parameters of this policy. Default: the one in force now."
)
@click.option("--city", help="Parameters as this city has them: its overrides, and its latest baseline.")
@click.option("--all", "whole", is_flag=True, help="Every rule in full, and the sentences that are no rules.")
@click.pass_obj
def rules(session: Session, rule: str | None, policy_name: str | None, city: str | None, whole: bool) -> None:
    """Show the rule book, or RULE in full: its sentence in the charter, what we decided where the charter is silent,
    what never counts, and the parameters in force today – also those of each city where they differ, and since when.

    A policy is named by file, preset or id@version. With --all the book closes with the sentences of the charters
    that are no rules, each with the reason why it counts for nothing; --json has them whenever no RULE is named.

    \b
    Examples:
      mission-ledger rules
      mission-ledger rules cancellation.rate --city lyon
      mission-ledger rules no_show --policy eu-2026 --json
      mission-ledger rules --all
    """
    from ledger.instants import to_us
    from ledger.rulebook import RULE, RULES
    from projections.rule_reading import advice, rule_book

    if rule is not None and rule not in RULE:
        from difflib import get_close_matches

        meant = get_close_matches(rule, list(RULE), n=1)
        hint = f"did you mean {meant[0]}?" if meant else f"rules are {', '.join(RULE)}"
        raise Misused("unknown_rule", f"{rule!r} is no rule; {hint}")
    if rule is not None and whole:
        raise Misused("usage", "give RULE or --all, not both")
    with session.ledger() as ledger:
        register = ledger.register()
    book = rule_book(
        register,
        [RULE[rule]] if rule is not None else RULES,
        policy=register.named(policy_name) if policy_name is not None else None,
        city=city,
        now=to_us(session.clock()),
    )
    no_rules = [] if rule is not None else advice()
    if session.json:
        output.print_json({**book, "advice": no_rules})
        return
    screen = output.console()
    if rule is None and not whole:
        tables.show(screen, _COLUMNS, [(each["id"], each["removal"], each["text"]) for each in book["rules"]])
        more = f"{len(no_rules)} sentences of the charters are no rules; --all lists them"
        output.line(
            screen, f"policy {book['policy']}; mission-ledger rules RULE shows one in full; {more}", style="dim"
        )
        return
    for number, each in enumerate(book["rules"]):
        if number:
            screen.print()
        _show(screen, each, book)
    if whole:
        _show_advice(screen, no_rules)


def _show(screen: Screen, rule: dict[str, Any], book: dict[str, Any]) -> None:
    output.heading(screen, f"{rule['id']} – leads to {rule['removal']}")
    output.paragraph(screen, rule["text"])
    for citation in rule["citations"]:
        _cite(screen, citation)
    for heading, points in (
        ("Where the charter is silent, we decided", rule["decided"]),
        ("What never counts", rule["not_counted"]),
    ):
        if points:
            screen.print()
            output.heading(screen, heading)
            for each in points:
                output.paragraph(screen, f"– {each}", indent=2)
    screen.print()
    place = f" in {book['city']}" if book["city"] else ""
    where = f" (#{book['position']}, event {book['event']})" if book["position"] else ""
    output.heading(screen, f"In force under {book['policy']}{place}")
    output.paragraph(screen, f"since {sentences.moment(book['in_force_since'])}{where}", indent=2, style="dim")
    _table(screen, rule["parameters_shown"])
    for city in rule["cities"]:
        screen.print()
        output.heading(screen, f"{'Of these' if book['city'] else 'Other'} in {city['city']}, {_reason(city['by'])}")
        _table(screen, city["parameters_shown"])


def _cite(screen: Screen, citation: dict[str, Any]) -> None:
    screen.print()
    output.paragraph(screen, f"« {citation['sentence']} »", indent=2, style="italic")
    output.paragraph(screen, f"In English: {citation['gloss']}", indent=2)
    output.paragraph(screen, f"{citation['document']}, « {citation['place']} »", indent=2, style="dim")


def _table(screen: Screen, parameters: list[dict[str, str]]) -> None:
    tables.show(screen, _TERMS, [(each["path"], each["value"], each["text"]) for each in parameters])


def _reason(by: dict[str, Any]) -> str:
    """What makes a city's numbers others, since when, and which event says so."""
    what = "as the policy overrides them" if by["kind"] == "override" else "by its published baseline"
    where = f" (#{by['position']}, event {by['event']})" if by["position"] else ""
    return f"{what}, since {sentences.moment(by['since'])}{where}"


def _show_advice(screen: Screen, advice: list[dict[str, Any]]) -> None:
    screen.print()
    output.heading(screen, "Sentences of the charters that are no rules")
    for each in advice:
        _cite(screen, each)
        output.paragraph(screen, f"No rule ({each['row']}): {each['why']}", indent=2)
