"""`export dac7`, `export statements`, `export attestations`: documents of a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
import orjson

from commands import sentences
from commands.export_command import YEAR, file_option, tell, told
from commands.export_file import is_folder, target, written
from commands.instants import PERIOD
from commands.issuer import settings_of, settings_option
from commands.lazy import Command
from commands.session import Session
from ledger.errors import Misused

if TYPE_CHECKING:
    pass

Document = dict[str, Any]
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_ODD = re.compile(r"[^a-z0-9._-]", re.ASCII)


def year_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--year`, which must be given; `--period` is there to say so."""
    command = click.option("--year", type=YEAR, metavar="YYYY", help="The calendar year.")(command)
    return click.option("--period", type=PERIOD, metavar="YYYY-MM", hidden=True)(command)


def _still_open(document: Document) -> Document:
    return {name: document[name] for name in ("provisional", "unbooked", "waiting")}


def _format_option(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--format", "form", type=click.Choice(forms), help="Default: what -o ends in, else json.")


def _year(period: str | None, year: int | None) -> int:
    if period is not None or year is None:
        raise Misused("usage", "this is a document of a whole year; give --year 2026")
    return year


@click.command("dac7", cls=Command)
@year_options
@file_option
@click.pass_obj
def dac7(session: Session, period: str | None, year: int | None, file: str | None) -> None:
    """Write what each seller earned in each quarter of a year, as flat JSON for a DAC7 return (directive 2021/514).

    One row per seller and currency: `{"seller", "accounts", "year", "currency", "q1": {"consideration", "fees",
    "taxes", "activities"} … "q4", "exact", "carried"}`. Consideration is net of fees and taxes, fees are the
    commission, taxes the VAT on it, activities the missions that were paid. A fee for a client's absence is
    consideration like any other, so that its mission counts as an activity too. Whole units, each quarter rounded half
    up; `exact` has the year before rounding. Linked accounts are one seller. Names are joined outside the ledger.

    A mission belongs to the quarter of the local day its session ended on, wherever it took place. A refund, or any
    other correction of a closed month, counts in the quarter it was booked in, and so does what stands once more after
    it was taken back. No number is negative: what is left is carried to the next quarters of the year, at its end taken
    off those before, the latest first, and only what the year cannot bear goes into the next; `carried` tells each.

    \b
    Example:
      mission-ledger export dac7 --year 2026 | jq '.rows[] | select(.carried != [])'
    """
    from projections.yearly_exports import dac7_document

    year = _year(period, year)
    path = target(file, f"dac7-{year}.json", piped=True, as_json=False)
    with session.ledger() as ledger, ledger.months() as months, written(path) as out:
        document = dac7_document(months, year)
        out.write(orjson.dumps(document, option=_JSON))
    summary: Document = {"format": "dac7", "period": f"{year}", "rows": len(document["rows"])}
    tell(session, path, {**summary, **_still_open(document)}, sentences.count(summary["rows"], "row"))


@click.command("statements", cls=Command)
@year_options
@file_option
@settings_option
@click.option("--pro", help="Only this pro.")
@_format_option("json", "csv", "text")
@click.pass_obj
def statements(
    session: Session,
    period: str | None,
    year: int | None,
    file: str | None,
    settings_file: str | None,
    pro: str | None,
    form: str | None,
) -> None:
    """Write the yearly statement of each pro: missions, gross, commission, VAT, net, by month (CGI, art. 242 bis).

    A month is that of `billing`: the one that was closed with the amount, else the one the session ended in; lines that
    came too late for its close are in the month whose close books them. Corrections count in the month they were booked
    in; a credit takes back one mission. As text, one page per pro in the language of the settings. As CSV, one line per
    pro, currency and month, without totals.

    \b
    Examples:
      mission-ledger export statements --year 2026 -o statements.csv
      mission-ledger export statements --year 2026 --pro pro-7 --format text
    """
    from projections.yearly_exports import statements_document

    year = _year(period, year)
    form = _form(form, file, ("json", "csv", "text"))
    name = f"statements-{year}.{'txt' if form == 'text' else form}"
    path = target(file, name, piped=True, as_json=session.json and form != "json")
    with session.ledger() as ledger:
        language = settings_of(ledger, settings_file).issuer.language if form == "text" else ""
        if pro is not None:
            ledger.standing(pro)  # refuses a pro that nothing mentions
        with ledger.months() as months, written(path) as out:
            document = statements_document(months, year, pro)
            _write_statements(out, document, form, language)
    summary: Document = {"format": form, "period": f"{year}", "statements": len(document["statements"])}
    said = sentences.count(summary["statements"], "statement")
    tell(session, path, {**summary, **_still_open(document)}, said)


def _write_statements(out: BinaryIO, document: Document, form: str, language: str) -> None:
    from projections.exports.csv_table import write_records
    from projections.exports.statements import HEADER, records

    if form == "json":
        out.write(orjson.dumps(document, option=_JSON))
    elif form == "csv":
        write_records(out, HEADER, records(document["statements"]))
    else:
        from commands.export_pages import statement_page

        pages = (statement_page(each, document["provisional"], language) for each in document["statements"])
        _write_pages(out, pages)


def _write_pages(out: BinaryIO, pages: Iterable[Iterable[str]]) -> None:
    for number, page in enumerate(pages):
        text = "\n".join(page) + "\n"
        out.write((("\f" if number else "") + text).encode())


@click.command("attestations", cls=Command)
@year_options
@file_option
@settings_option
@click.option("--client", help="Only this client.")
@click.option("--service", "services", multiple=True, metavar="NAME", help="Only this service. Repeatable.")
@_format_option("json", "text")
@click.pass_obj
def attestations(
    session: Session,
    period: str | None,
    year: int | None,
    file: str | None,
    settings_file: str | None,
    client: str | None,
    services: tuple[str, ...],
    form: str | None,
) -> None:
    """Write the yearly attestation of each client for services à la personne, in JSON or as a page of text in French.

    Each session of the year (by its local day) that took place: date, pro, service, final duration, hourly price, what
    was paid after every correction, and totals. A mission at a fixed price has the hourly price that follows from it;
    `other` is what was paid beside the time (services added, less refunds). A fee for an absence is not in it.

    The ledger knows no payments: what was billed for a session counts as paid, in the year of the session. The tax
    credit goes by the year of payment; a December session that was paid in January is yours to move.

    With -o FOLDER/ each client gets a file of its own; else there is one JSON document. Who provides is in the issuer's
    settings; `lacking` names what they do not say. The client's address is that of its last request, while it can be
    read. Which services are services à la personne is for you to say, with --service.

    \b
    Examples:
      mission-ledger export attestations --year 2026 --service cleaning -o attestations/ --format text
      mission-ledger export attestations --year 2026 --client client-3
    """
    from projections.yearly_exports import attestation_head
    from projections.yearly_exports import attestations as attested

    year = _year(period, year)
    form = _form(form, file, ("json", "text"))
    ending = "txt" if form == "text" else form
    apart = Path(str(file)).expanduser() if is_folder(file) else None
    path = target(file, f"attestations-{year}.{ending}", piped=True, as_json=session.json and form != "json")
    with session.ledger() as ledger:
        settings = settings_of(ledger, settings_file)
        if client is not None:
            ledger.check_client(client)
        with ledger.months() as months:
            head = attestation_head(months, year, settings)
            found = told(attested(months, year, client, frozenset(services)), "export attestations")
            if apart is not None:
                count = _write_apart(apart, head, found, form)
            else:
                with written(path) as out:
                    count = _write_together(out, head, found, form)
    summary: Document = {"format": form, "period": f"{year}", "attestations": count, "lacking": head["lacking"]}
    said = sentences.count(count, "attestation")
    if head["lacking"]:
        said += f"; the settings do not say {', '.join(head['lacking'])}"
    tell(session, apart or path, {**summary, **_still_open(head)}, said)


def _write_apart(folder: Path, head: Document, found: Iterable[Document], form: str) -> int:
    count = 0
    for document in found:
        name = f"attestation-{head['year']}-{_file_part(document['client']['id'])}.{'txt' if form == 'text' else form}"
        with written(folder / name) as out:
            _write_together(out, head, [document], form)
        count += 1
    return count


def _write_together(out: BinaryIO, head: Document, found: Iterable[Document], form: str) -> int:
    """All attestations in one file, one of them in memory at a time."""
    count = 0
    if form == "text":
        from commands.export_pages import attestation_page

        def pages() -> Iterator[Iterable[str]]:
            nonlocal count
            for count, document in enumerate(found, 1):  # noqa: B007  the last number is the count
                yield attestation_page(head, document)

        _write_pages(out, pages())
        return count
    out.write(orjson.dumps(head)[:-1] + b',"attestations":[')
    for count, document in enumerate(found, 1):
        out.write((b",\n" if count > 1 else b"\n") + orjson.dumps(document))
    out.write(b"\n]}\n")
    return count


def _form(given: str | None, file: str | None, forms: tuple[str, ...]) -> str:
    """The format asked for, else the one the file's ending names, else JSON."""
    ending = {".json": "json", ".csv": "csv", ".txt": "text"}.get(Path(file or "").suffix.lower(), "json")
    return given or (ending if ending in forms else "json")


def _file_part(client: str) -> str:
    """An id as a part of a file's name, distinct also where capitals and colons are not: `c:1` → `c%3A1`."""
    return _ODD.sub(lambda match: f"%{ord(match[0]):02X}", client)
