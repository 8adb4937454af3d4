"""`billing`: lines and totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences, tables
from commands.instants import PERIOD
from commands.lazy import LazyGroup
from commands.session import Session
from commands.tables import Column
from ledger.errors import Misused

if TYPE_CHECKING:
    from commands.screen import Screen

AMOUNTS = ("gross", "commission", "vat", "net")
_LINES = (
    Column(title="mission"),
    Column(title="pro", style="bold"),
    Column(title="city", leave_out=3),
    Column(title="service", leave_out=2),
    Column(title="minutes", number=True, leave_out=1),
    Column(title="gross", number=True),
    Column(title="commission", number=True),
    Column(title="VAT", number=True),
    Column(title="currency"),
    Column(title="rate", number=True, leave_out=4),
    Column(title="status"),
    Column(title="closes (UTC)", leave_out=5),
)
_ROLE = Column(title="frozen as")
_TOTALS = (Column(title="total"), *(Column(title=each if each != "vat" else "VAT", number=True) for each in AMOUNTS))


class Billing(LazyGroup):
    """Without a command it lists lines; a word that is no command is the id of a mission."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As any group does, but for the ids of missions."""
        if args[0] not in self.table and not args[0].startswith("-"):
            return "mission", self.get_command(ctx, "mission"), args
        return super().resolve_command(ctx, args)


@click.pass_context
def _lines(ctx: click.Context, pro: str | None, period: str | None) -> None:
    """The lines, unless a command was named."""
    if ctx.invoked_subcommand is not None:
        if pro or period:
            raise Misused("usage", "--pro and --period list lines; put the options of a command behind its name")
        return
    session: Session = ctx.obj
    with session.ledger() as ledger:
        document = ledger.billing(pro=pro, period=period)
    if session.json:
        output.print_json(document)
        return
    show(output.console(), document)


billing = Billing(
    name="billing",
    callback=_lines,
    params=[
        click.Option(["--pro"], help="Only the missions of this pro."),
        click.Option(["--period"], type=PERIOD, metavar="YYYY-MM", help="Only sessions that ended in this month."),
    ],
    table={
        "mission": ("commands.bill_command:mission", "How the amount of one mission came about."),
        "periods": ("commands.billing_close_command:periods", "Every month: open or closed, by whom, sums, digest."),
        "close": ("commands.billing_close_command:close", "Close a month: freeze its lines for ever."),
        "replay": ("commands.billing_replay_command:replay", "A closed month derived again, and what differs."),
    },
    help="""Show what each mission bears: gross, the platform's commission, VAT on it, and totals per currency.

    Only completed missions bear a commission, at the rate of the policy in force at acceptance; a mission whose client
    was absent bears a fee and no commission. The fee is a share of gross up to a cap: its share and its cap are those
    of the policy in force at the absence, and a cap in another currency bounds nothing. A line is open until its
    closing instant in the mission's own zone, then closed. Each amount is rounded once, per line; totals are sums of
    lines; currencies are never added together. `net` is what the pro keeps: gross − commission − VAT. A month is the
    local month in which the session ended.

    `billing MISSION` shows how the amount of one mission came about. Of a closed month --period shows what was frozen:
    its lines, late ones of earlier months, and credits that take back what an earlier month held.

    \b
    Examples:
      mission-ledger billing --period 2026-03
      mission-ledger billing --pro pro-7 --json | jq .totals
      mission-ledger billing mission-41
      mission-ledger billing close 2026-03 --by "C. Roux"
    """,
)


def show(screen: Screen, document: Mapping[str, Any], *, at_most: int | None = None) -> None:
    """The lines (the first `at_most` of them) and the totals."""
    lines = document["lines"]
    shown = lines if at_most is None else lines[:at_most]
    if not lines:
        output.line(screen, "nothing to bill")
        return
    columns = (*_LINES, _ROLE) if "closed" in document else _LINES
    tables.show(screen, columns, [_line(each) for each in shown])
    if len(shown) < len(lines):
        output.line(screen, f"… and {sentences.count(len(lines) - len(shown), 'more line')}", style="dim")
    screen.print()
    totals = [(currency, *(sums[each] for each in AMOUNTS)) for currency, sums in document["totals"].items()]
    tables.show(screen, _TOTALS, totals)
    if "closed" in document:
        closed = document["closed"]
        told = f"{closed['period']} was closed by {closed['by']}, {sentences.moment(closed['time'])}"
        output.line(screen, f"{told} (#{closed['position']}); digest {closed['digest']}", style="dim")


def _line(line: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        line["mission"],
        line["pro"],
        line["city"],
        line["service"],
        line["minutes"],
        line["gross"],
        line["commission"],
        line["vat"],
        line["currency"],
        sentences.percent(line["rate"]),
        line["status"],
        sentences.stamp(line["closes_at"]),
        *_role(line),
    )


def _role(line: Mapping[str, Any]) -> tuple[str, ...]:
    """What a frozen entry is, where it stands, and which one it takes back or replaces."""
    if "role" not in line:
        return ()
    corrects = line["corrects"]
    what = {"credit": "credit of", "line": "instead of"}[line["role"]]
    of = f", {what} #{corrects['position']}/{corrects['number']}" if corrects else ""
    return (f"#{line['position']}/{line['number']}{of}",)
