"""`reviews`: decisions, proposals and warnings that rest on facts which no longer stand."""

from __future__ import annotations

import click

from commands import output, review_sentences, sentences, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column

_COLUMNS = (
    Column(title="pro", style="bold"),
    Column(title="what"),
    Column(title="rule"),
    Column(title="decided"),
    Column(title="rests on"),
    Column(title="which no longer stands"),
)


@click.command("reviews", cls=Command)
@click.option("--pro", help="Only what is about this pro.")
@click.pass_obj
def reviews(session: Session, pro: str | None) -> None:
    """List what a person must look at again: findings and decisions in force that rest on facts no longer standing.

    A void, a rejected no-show, a late cancellation or a rating that no longer counts never rewrites a finding and never
    gives access back; it opens a review. So does an exclusion whose first warning came only after the second no-show,
    and the void of a policy or baseline that a finding was judged by, where without it the rule reads other numbers.
    A review closes when the decision ends (`decide --reinstate`, `--dismiss`, the end of a restriction, a voided
    warning), when its fact stands again, or when a person keeps the decision by a new one under the same rule
    (`decide --suspend --kind … --rule …`). `replay PRO --without EVENT` shows what the rules find without the fact.

    \b
    Examples:
      mission-ledger reviews
      mission-ledger reviews --pro pro-7 --json | jq '.reviews[].reason'
    """
    from commands.main import COMMANDS

    with session.ledger() as ledger:
        document = ledger.reviews(pro)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    found = document["reviews"]
    if found:
        rows = [
            (
                each["pro"],
                f"{each['kind']} #{each['position']}",
                each["rule"],
                sentences.date_only(each["time"]),
                review_sentences.fact_in_words(each),
                review_sentences.why_in_words(each),
            )
            for each in found
        ]
        tables.show(screen, _COLUMNS, rows)
    output.line(screen, f"{sentences.count(len(found), 'review')}; up to #{document['position']}", style="dim")
    calls = dict.fromkeys(call for each in found for call in review_sentences.closing(each))
    for name, call, words in list(calls)[:12] if pro is not None else ():
        if name in COMMANDS:
            output.line(screen, f"  mission-ledger {call}   ({words})")
