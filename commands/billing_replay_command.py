"""`billing replay`: a closed month derived again from the facts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences, tables
from commands.instants import INSTANT, PERIOD, POSITION
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from commands.speed import SPEED
from commands.tables import Column

if TYPE_CHECKING:
    from commands.screen import Screen

SHOWN = 1_000
"""So many missions are shown to people."""

SUMS = ("gross", "commission", "vat", "net")
AMOUNTS = ("minutes", "gross", "commission", "vat", "net", "rate", "policy")
_CHANGED = (
    Column(title="mission", style="bold"),
    Column(title=""),
    Column(title=""),  # the currency
    *(Column(title=each if each != "vat" else "VAT", number=each != "policy") for each in AMOUNTS),
)
_SINCE = (
    Column(title="mission", style="bold"),
    Column(title="position", number=True),
    Column(title="happened (UTC)"),
    Column(title="what came after the close"),
    Column(title="event"),
)


@click.command("replay", cls=Command)
@click.option("--period", type=PERIOD, required=True, metavar="YYYY-MM", help="A closed month.")
@click.option("--policy", metavar="FILE", help="This version at any time instead: file, preset, id@version.")
@click.option("--known-at", type=INSTANT, help="As if nothing had been recorded since: RFC 3339, a date, or #N.")
@SPEED
@click.pass_obj
def replay(session: Session, period: str, policy: str | None, known_at: str | None, speed: str) -> None:
    """Derive every line of a closed month again from the facts, and compare with what was frozen.

    Identical means to the cent and by the same digest. Else each mission that differs is shown with both computations
    and the facts that were recorded since the close. A difference is an answer, not an error: the exit code is 0, and
    nothing is written; what is owed on it is in the next month that is closed.

    Everything known now counts, so late facts show. --known-at with the position of the close (`billing periods` gives
    it) tells the facts as they then were. With --policy it is what the month would have been under other terms; the
    facts are then judged by that version at any time, amounts alone are compared, and as every entry names its policy,
    the digests differ. A cap in another currency than a fee for an absent client does not bound it; that is said.

    \b
    Examples:
      mission-ledger billing replay --period 2026-03
      mission-ledger billing replay --period 2026-03 --known-at '#4711' --json | jq .same
      mission-ledger billing replay --period 2026-03 --policy draft.toml
    """
    with session.ledger() as ledger, progress("deriving the lines again") as advance:
        known: str | int | None = known_at
        if known_at is not None and known_at.startswith("#"):
            known = POSITION.convert(known_at, None, None)
        document = ledger.replay_period(
            period,
            policy=ledger.policy(policy) if policy is not None else None,
            known_at=known,
            speed=speed,
            progress=advance,
        )
    if session.json:
        output.print_json(document)
        return
    show(output.console(), document)


def show(screen: Screen, document: Mapping[str, Any]) -> None:
    """Whether it is the same, else the differences with both sides."""
    lines, digest, closed = document["lines"], document["digest"], document["closed"]
    under = f" under {document['policy']}" if document["policy"] else ""
    if document["same"]:
        counted = sentences.count(lines["closed"], "entry", "entries")
        what = "no amount changes" if under else "identical"
        output.line(screen, f"{document['period']}{under}: {what}, {counted} to the cent", style="bold")
    else:
        counted = sentences.count(len(document["changed"]), "mission differs", "missions differ")
        output.line(screen, f"{document['period']}{under}: {counted} from what was closed", style="bold")
        shown = list(islice(document["changed"], SHOWN))
        tables.show(screen, _CHANGED, [row for each in shown for row in _rows(each)])
        more = len(document["changed"]) - len(shown)
        if more:
            output.line(screen, f"… and {sentences.count(more, 'more mission', 'more missions')}: --json has them all")
        since = [_since(each["mission"], fact) for each in shown for fact in each["facts_since"]]
        if since:
            screen.print()
            tables.show(screen, _SINCE, since)
        screen.print()
    for currency in sorted(document["totals_closed"].keys() | document["totals_derived"].keys()):
        for side, totals in (("closed", document["totals_closed"]), ("derived", document["totals_derived"])):
            sums = totals.get(currency)
            told = _told(sums) if sums else "nothing"
            output.line(screen, f"{currency} {side}: {told}")
    for each in document["fees_without_cap"]:
        fees = sentences.count(each["fees"], "fee for an absent client", "fees for absent clients")
        verb = "has" if each["fees"] == 1 else "have"
        cap = f"that of {each['policy']} is in {each['cap_currency']}"
        output.line(screen, f"{fees} in {each['currency']} {verb} no cap: {cap}")
    named = " (every entry names its policy)" if under else ""
    digests = f"digest closed {digest['closed'][:16]}…, derived {digest['derived'][:16]}…{named}"
    output.line(screen, digests, style="dim")
    when = sentences.moment(closed["time"])
    output.line(screen, f"closed by {closed['by']}, {when} (#{closed['position']})", style="dim")


def _told(sums: Mapping[str, str]) -> str:
    return ", ".join(f"{name if name != 'vat' else 'VAT'} {sums[name]}" for name in SUMS)


def _rows(change: Mapping[str, Any]) -> list[tuple[object, ...]]:
    return [
        (change["mission"] if side == "closed" else "", side, change["currency"], *_amounts(change[side]))
        for side in ("closed", "derived")
    ]


def _amounts(side: Mapping[str, Any] | None) -> tuple[object, ...]:
    if side is None:
        return ("nothing", *("" for _ in AMOUNTS[1:]))
    return tuple(sentences.percent(side[name]) if name == "rate" else side[name] for name in AMOUNTS)


def _since(mission: str, fact: Mapping[str, Any]) -> tuple[object, ...]:
    what = fact["summary"] + (f"; declared wrong by #{fact['voided_by']}" if fact["voided_by"] else "")
    return mission, f"#{fact['position']}", sentences.stamp(fact["time"]), what, fact["event"]
