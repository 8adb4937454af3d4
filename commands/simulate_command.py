"""`policy simulate`: whom a policy would warn, suspend or reinstate, before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences, tables
from commands.instants import INSTANT, resolved
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from commands.speed import SPEED
from commands.tables import Column

if TYPE_CHECKING:
    from commands.screen import Screen

_PROS = (
    Column(title="pro", style="bold"),
    Column(title="access as published"),
    Column(title="access under it"),
    Column(title="warnings as published", number=True, leave_out=2),
    Column(title="warnings under it", number=True, leave_out=1),
    Column(title="newly proposed", number=True, leave_out=3),
    Column(title="bills", number=True, leave_out=4),
    Column(title="rules", leave_out=5),
)
_BILLS = (
    Column(title="total"),
    *(Column(title=name, number=True) for name in ("gross", "commission", "VAT", "net")),
)
AT_MOST = 50


@click.command("simulate", cls=Command)
@click.argument("file")
@click.option("--from", "since", type=INSTANT, help="In force from then on. Default: at any time.")
@SPEED
@click.pass_obj
def simulate(session: Session, file: str, since: str | None, speed: str) -> None:
    """Say what the policy of FILE (or a preset, or id@version) would have done to every pro; nothing is recorded.

    The facts as now known are told twice: under the versions as published, and with FILE in force at any time, or from
    --from on instead of whatever was published for then. So only the policy makes the difference. Baselines and
    people's decisions count on both sides. Access is that of now; who keeps it because FILE leaves a removal to a
    person is counted apart.

    A pro counts as warned with at least one warning that the published versions do not give; of whom they do warn, only
    at another time or on other figures, that is said, and so of proposals. It counts as suspended (restricted,
    excluded) with less access than under them, as reinstated with more. A FILE with faults is refused: see `policy
    lint`.

    \b
    Examples:
      mission-ledger policy simulate ours.toml
      mission-ledger policy simulate eu-2026 --from 2026-01-01 --json | jq .pros_suspended
    """
    with session.ledger() as ledger, progress("telling the facts twice") as advance:
        document = ledger.simulate(ledger.policy(file), since=resolved(ledger, since), speed=speed, progress=advance)
    if session.json:
        output.print_json(document)
    else:
        _show(output.console(), document)


def _show(screen: Screen, document: Mapping[str, Any]) -> None:
    since = f" from {sentences.moment(document['from'])} on" if document["from"] else " in force at any time"
    output.paragraph(
        screen, f"{document['policy']}{since}, against what is published (now {document['against']}):", style="bold"
    )
    for told in _counts(document):
        output.paragraph(screen, told, indent=2)
    if document["pros"]:
        screen.print()
        tables.show(screen, _PROS, [_pro(each) for each in document["pros"][:AT_MOST]])
        if len(document["pros"]) > AT_MOST:
            output.paragraph(screen, f"and {len(document['pros']) - AT_MOST:,} more; --json has them all", style="dim")
    _bills(screen, document["billing"])
    if document["left_out"]:
        screen.print()
        counted = sentences.count(len(document["left_out"]), "recorded event")
        output.paragraph(screen, f"{counted} would be refused under it and left out, {_first(document['left_out'])}")
    screen.print()
    output.line(
        screen,
        f"{sentences.count(document['events'], 'event')}, told twice in {document['seconds']:.1f} s",
        style="dim",
    )


def _counts(document: Mapping[str, Any]) -> list[str]:
    by_access = ", ".join(f"{number:,} {access}" for access, number in document["pros_suspended_by_access"].items())
    of_them = f" ({by_access})" if by_access else ""
    before, after = document["warnings_before"], document["warnings_after"]
    return [
        f"{_new(document, 'pros_warned')} would get a warning that was not given "
        f"({sentences.count(after, 'warning')} instead of {before:,}){_otherwise(document, 'pros_warned')}",
        f"{_new(document, 'pros_proposed')} would have a removal proposed that was not"
        f"{_otherwise(document, 'pros_proposed')}",
        f"{sentences.count(document['pros_suspended'], 'pro')} would lose access{of_them}",
        f"{sentences.count(document['pros_reinstated'], 'pro')} would have more access{_left_to_people(document)}",
        f"{sentences.count(document['billing']['lines_changed'], 'bill')} would change",
    ]


def _left_to_people(document: Mapping[str, Any]) -> str:
    """Of those with more access: whose removal is proposed all the same, where the policy has people decide."""
    number = document["pros_reinstated_left_to_people"]
    return f"; {number:,} of them while a removal waits for a person" if number else ""


def _new(document: Mapping[str, Any], name: str) -> str:
    return sentences.count(document[name] - document[f"{name}_otherwise"], "pro")


def _otherwise(document: Mapping[str, Any], name: str) -> str:
    """Those of whom the same is found on both sides, only not at the same time or not on the same figures."""
    number = document[f"{name}_otherwise"]
    return f"; {sentences.count(number, 'pro')} at another time or on other figures" if number else ""


def _pro(affected: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        affected["pro"],
        affected["access_before"],
        affected["access_after"],
        affected["warnings_before"],
        affected["warnings_after"],
        affected["newly_proposed"] - affected["proposed_otherwise"],
        affected["lines_changed"],
        ", ".join(affected["rules"]),
    )


def _bills(screen: Screen, billing: Mapping[str, Any]) -> None:
    if not billing["lines_changed"]:
        return
    sides = (
        ("as published", billing["totals_before"]),
        ("under it", billing["totals_after"]),
        ("change", billing["totals_change"]),
    )
    rows = [
        (f"{currency} {words}", sums["gross"], sums["commission"], sums["vat"], sums["net"])
        for currency in sorted(billing["totals_change"])
        for words, totals in sides
        for sums in [totals.get(currency)]
        if sums
    ]
    screen.print()
    tables.show(screen, _BILLS, rows)


def _first(left_out: list[Mapping[str, Any]]) -> str:
    first = left_out[0]
    return f"the first {first['event']} (#{first['position']}): {first['message']} ({first['code']})"
