"""`export`: files for finance and the tax office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from commands import output, sentences, tables
from commands.export_file import target, written
from commands.instants import PERIOD
from commands.lazy import Command, LazyGroup
from commands.progress import progress
from commands.session import Session
from commands.tables import Column
from ledger.errors import Misused

if TYPE_CHECKING:
    from projections.exports.billed import Billed

    Write = Callable[[BinaryIO, Iterable[Billed]], None]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Row = TypeVar("Row")
AMOUNTS = ("gross", "commission", "vat", "net")
EARLIEST, LATEST = 1971, 9000
TOLD_EVERY = 1_000

export = LazyGroup(
    name="export",
    table={
        "csv": ("commands.export_command:csv", "Every billed amount, one a line: RFC 4180, safe in a spreadsheet."),
        "parquet": ("commands.export_command:parquet", "The same, typed: exact decimals, dates, instants."),
        "xlsx": ("commands.export_command:xlsx", "The same as a workbook, with a sheet of totals."),
        "fec": ("commands.export_fec_command:fec", "The journal of issued documents for the French tax office."),
        "dac7": ("commands.export_yearly_command:dac7", "What each seller earned per quarter, in whole units."),
        "statements": ("commands.export_yearly_command:statements", "What each pro did and earned, month by month."),
        "attestations": (
            "commands.export_yearly_command:attestations",
            "What each client paid for services à la personne.",
        ),
    },
    help="""Write files for finance and the tax office.

    A closed month gives what its close froze, an open one its lines as the facts now stand; lines that came too late
    for the close of their month are in the one whose close books them, and said not to be booked yet. Amounts are
    exact; those of two currencies are never added together, and nothing is converted unasked. The same ledger gives the
    same bytes.

    -o FILE names the file, -o FOLDER/ puts it there under its own name, -o - is stdout. A file appears whole or not at
    all. Without -o, texts and JSON go to stdout, and csv, parquet, xlsx and fec: csv to stdout, the others into a file
    of their own name here. With --json, what was written is told as one JSON document.

    \b
    Example:
      mission-ledger export csv --period 2026-03 > march.csv
      mission-ledger export xlsx --year 2026 -o books/
      mission-ledger export fec --year 2026
      mission-ledger export dac7 --year 2026 -o dac7.json
    """,
)

_TOTALS = (Column(title="total"), *(Column(title=each if each != "vat" else "VAT", number=True) for each in AMOUNTS))
YEAR = click.IntRange(EARLIEST, LATEST)


def span_options(command: Decorated) -> Decorated:
    """`--period` and `--year`, of which one must be given."""
    command = click.option("--year", type=YEAR, metavar="YYYY", help="All months of this year.")(command)
    return click.option("--period", type=PERIOD, metavar="YYYY-MM", help="This month.")(command)


def file_option(command: Decorated) -> Decorated:
    """`-o`, given to the command as `file`."""
    option = click.option("-o", "--output", "file", metavar="FILE", help="File, folder/, or - for stdout.")
    return option(command)


def span_of(period: str | None, year: int | None) -> str:
    """The month or the year that was asked for. Misused where it was not one of them."""
    if (period is None) == (year is None):
        raise Misused("usage", "give one of --period 2026-03 and --year 2026")
    return period or f"{year:04d}"


def tell(session: Session, path: Path | None, document: dict[str, Any], what: str) -> None:
    """Say what was written, unless stdout has the export itself."""
    if path is None:
        return
    if session.json:
        output.print_json({**document, "file": str(path)})
        return
    screen = output.console()
    output.line(screen, f"wrote {path}: {what}")
    if document.get("totals"):
        sums = [(currency, *(each[name] for name in AMOUNTS)) for currency, each in document["totals"].items()]
        tables.show(screen, _TOTALS, sums)
    for each in document.get("provisional", ()):
        output.line(screen, f"{each} is not closed: its amounts may still change", style="dim")
    late = document.get("unbooked")
    if late:
        lines = sentences.count(late["lines"], "late line")
        output.line(screen, f"{lines} not booked yet: in {late['period']}, the next month to be closed", style="dim")
    if document.get("waiting"):
        corrected = sentences.count(document["waiting"], "closed amount")
        output.line(screen, f"{corrected} to be corrected by the next close, as the facts now stand", style="dim")


@click.command("csv", cls=Command)
@span_options
@file_option
@click.pass_obj
def csv(session: Session, period: str | None, year: int | None, file: str | None) -> None:
    """Write every billed amount of a month or a year as CSV: RFC 4180, UTF-8, with a header.

    One line per amount: its month and the local day of the session, mission, pro, client, city, service, kind,
    `line` or `credit`, minutes, gross, commission, VAT, net, currency, rate, policy, status, instants, and where it was
    frozen and what it corrects. A credit takes a line back with its minus.

    Amounts have a point and the decimals of their currency. A text that a spreadsheet would run as a formula has an
    apostrophe before it; a number never has.

    \b
    Example:
      mission-ledger export csv --period 2026-03 -o march.csv
    """
    from projections.exports.csv_table import write

    _table(session, "csv", span_of(period, year), file, write)


@click.command("parquet", cls=Command)
@span_options
@file_option
@click.pass_obj
def parquet(session: Session, period: str | None, year: int | None, file: str | None) -> None:
    """Write every billed amount of a month or a year as Parquet, the columns of `export csv` with types.

    Amounts are decimal128 with four decimals, which holds every currency exactly; sum them per currency.

    \b
    Example:
      mission-ledger export parquet --year 2026 -o 2026.parquet
    """
    from projections.exports.parquet_table import write

    _table(session, "parquet", span_of(period, year), file, write)


@click.command("xlsx", cls=Command)
@span_options
@file_option
@click.pass_obj
def xlsx(session: Session, period: str | None, year: int | None, file: str | None) -> None:
    """Write every billed amount of a month or a year as a workbook, with its totals on a sheet of their own.

    The file holds each amount as its exact decimal text. A spreadsheet reckons with 15 digits: an amount with more is
    a text in its cell. Texts are never formulas. More than 1,048,575 lines go on further sheets.

    \b
    Example:
      mission-ledger export xlsx --period 2026-03 -o march.xlsx
    """
    from projections.exports.xlsx_table import write

    _table(session, "xlsx", span_of(period, year), file, write)


def _table(session: Session, kind: str, span: str, file: str | None, write: Write) -> None:
    from projections.exports.billed import Counted

    path = target(file, f"billing-{span}.{kind}", piped=kind == "csv", as_json=session.json)
    with session.ledger() as ledger, ledger.months() as months, written(path) as out:
        rows = months.month(span) if "-" in span else months.year(int(span))
        counted = Counted(told(rows, f"export {kind}"))
        write(out, counted)
        open_ = months.open_answer(span)
    document = {"format": kind, "period": span, "rows": counted.rows, "totals": counted.totals()}
    tell(session, path, {**document, **open_}, sentences.count(counted.rows, "row"))


def told(rows: Iterable[Row], what: str) -> Iterator[Row]:
    """The rows, or documents, with a bar on a terminal that says how many have passed."""
    with progress(what) as advance:
        for number, row in enumerate(rows, 1):
            if number % TOLD_EVERY == 0:
                advance(number)
            yield row
