"""`billing close` and `billing periods`: months are closed one after the other, and stay as they were closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from commands import output, sentences, tables
from commands.instants import PERIOD
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column
from commands.writing import envelope

AMOUNTS = ("gross", "commission", "vat", "net")
_PERIODS = (
    Column(title="period", style="bold"),
    Column(title="status"),
    Column(title="lines", number=True),
    Column(title="still open", number=True),
    Column(title="currency"),
    *(Column(title=each if each != "vat" else "VAT", number=True) for each in AMOUNTS),
    Column(title="closed by"),
    Column(title="at (UTC)", leave_out=3),
    Column(title="position", number=True, leave_out=2),
    Column(title="digest", leave_out=4),
)


@click.command("close", cls=Command)
@click.argument("period", type=PERIOD, metavar="YYYY-MM")
@click.option("--by", metavar="NAME", help="Who closes it.")
@click.option("--reason", metavar="TEXT", help="Anything to be kept beside it.")
@click.option("--leave-open", is_flag=True, help="Lines that may still change go into the next period.")
@click.option("--source", help="Who says so. Default: cli/<your user name>.")
@click.pass_obj
def close(
    session: Session, period: str, by: str | None, reason: str | None, leave_open: bool, source: str | None
) -> None:
    """Close the month PERIOD: every line of it is frozen as an entry that nothing changes any more.

    A month is closed once, after it is over everywhere and in order: not before an earlier one that has lines. While
    lines may still change (their closing instant has not come) it is refused (`lines_open`), unless --leave-open is
    given: those go into the next period that is closed.

    What becomes known later (a late fact, a void, `adjust`) never changes a closed period. The next close has a credit
    that takes the frozen line back to the cent, and a new line beside it. Lines of earlier months that came too late
    for their own close are in the next one as well.

    It is one event with who closed, the sums, and a digest of all entries in order, which `verify` derives again. It
    cannot be voided.

    \b
    Examples:
      mission-ledger billing close 2026-03 --by "C. Roux"
      mission-ledger billing close 2026-03 --by "C. Roux" --leave-open --json | jq .digest
    """
    with session.ledger() as ledger:
        stated = {"by": by, "reason": reason}
        document = envelope(session, "billing.period_closed", period, stated, event_id=f"close-{period}", source=source)
        outcome = ledger.close_period(document, leave_open=leave_open)
    event: Mapping[str, Any] = outcome.event or {}
    data = event["data"]
    if session.json:
        shown = {name: data[name] for name in ("lines", "left_open", "totals", "digest")}
        named = {"period": period, "position": outcome.position, "event": event["id"], "time": event["time"]}
        output.print_json({**named, "by": by, "reason": reason, **shown})
        return
    screen = output.console()
    entries = sentences.count(data["lines"], "entry", "entries")
    output.line(screen, f"#{outcome.position} {period} is closed by {by}: {entries}", style="bold")
    if data["left_open"]:
        lines = sentences.count(data["left_open"], "line")
        output.line(screen, f"{lines} may still change and will be in the next period that is closed")
    for currency, sums in data["totals"].items():
        told = ", ".join(f"{name if name != 'vat' else 'VAT'} {sums[name]}" for name in AMOUNTS)
        output.line(screen, f"{currency}: {told}")
    output.line(screen, f"digest {data['digest']}", style="dim")


@click.command("periods", cls=Command)
@click.pass_obj
def periods(session: Session) -> None:
    """List every month that has lines: open or closed, by whom it was closed, sums per currency, digest.

    An open month is what its close would book as the facts now stand, net: its lines, and of closed months the late
    lines, the credits, and the lines that replace what these take back. Lines that are `still open` are counted in;
    with --leave-open a close takes only the others.

    \b
    Example:
      mission-ledger billing periods --json | jq '.periods[] | select(.status == "open") | .period'
    """
    with session.ledger() as ledger:
        document = ledger.periods()
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    if not document["periods"]:
        output.line(screen, "nothing to bill")
        return
    tables.show(screen, _PERIODS, [row for each in document["periods"] for row in _rows(each)])


def _rows(period: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """One row a currency; what is said of the whole period stands in the first."""
    first = (period["period"], period["status"], period["lines"], period["open"])
    position = f"#{period['position']}" if period["position"] else None
    last = (period["by"], sentences.stamp(period["time"]), position, (period["digest"] or "")[:12])
    sums = [(currency, *(each[name] for name in AMOUNTS)) for currency, each in period["totals"].items()]
    rows = sums or [("", *("" for _ in AMOUNTS))]
    nothing = ("",) * 4
    return [
        (*(first if not index else nothing), *row, *(last if not index else nothing)) for index, row in enumerate(rows)
    ]
