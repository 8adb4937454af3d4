"""`export fec`: issued documents as an accounting journal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from commands import sentences
from commands.export_command import file_option, span_of, span_options, tell
from commands.export_file import is_folder, target, written
from commands.issuer import settings_of, settings_option
from commands.lazy import Command
from commands.session import Session
from ledger.errors import Misused, Refused

if TYPE_CHECKING:
    from ledger.settings import Settings

SEPARATORS = {"tab": "\t", "pipe": "|"}
_RATE = re.compile(r"([A-Z]{3})=(\d{1,9}(?:\.\d{1,12})?)", re.ASCII)


@click.command("fec", cls=Command)
@span_options
@file_option
@settings_option
@click.option("--rate", "rates", multiple=True, metavar="CUR=EUROS", help="Euros for one unit: CHF=1.0471. Repeatable.")
@click.option("--separator", type=click.Choice(list(SEPARATORS)), default="tab", help="Between fields. Default: tab.")
@click.pass_obj
def fec(
    session: Session,
    period: str | None,
    year: int | None,
    file: str | None,
    settings_file: str | None,
    rates: tuple[str, ...],
    separator: str,
) -> None:
    """Write the issued documents of a month or a financial year as journal entries (LPF, article A47 A-1).

    18 columns, ISO 8859-15, decimal commas, one balanced entry per document: debit of the customer's account by what
    the pro owes, credit of commission and of VAT; a credit note the other way round. Entries are numbered 1, 2, 3 …
    in the order of issue. It is the extract of one journal, not a company's whole FEC.

    A document belongs to the month whose commission it bills. Its entry is dated on the day of issue, but no later than
    the last day of that month, so that it lies in the year that earned it; PieceDate and ValidDate are the day of
    issue. --year is the financial year that ends in it (accounts.year_ends of the settings, which also name the
    journal and the accounts). A month is numbered for itself.

    Entries are in euros. Documents in another currency are refused (`currency_without_rate`) unless --rate says what
    one unit is worth; the amount in that currency then stands beside.

    Without -o the file is named as the law has it, SIREN, FEC and the last day of the financial year.

    \b
    Examples:
      mission-ledger export fec --year 2026
      mission-ledger export fec --period 2026-03 -o march.txt --rate CHF=1.0471
    """
    from projections.exports import fec as journal
    from projections.exports.financial_year import closing_day, months_of, year_of

    span, worth = span_of(period, year), _rates(rates)
    with session.ledger() as ledger:
        settings = settings_of(ledger, settings_file)
        ends = settings.accounts.year_ends
        wanted: Collection[str] = (period,) if period else months_of(ends, int(span))
        closing = closing_day(ends, year_of(ends, period) if period else int(span))
        path = target(file, _name(settings, closing, file), piped=False, as_json=session.json)
        issued = ledger.pieces(settings, lambda month: month in wanted)
        pieces = [each for each in issued if each.commission or each.vat]
        journal.check_rates((each.currency for each in pieces), worth)
        if not pieces:
            text = f"nothing of {span} was invoiced: billing close and invoice issue come before; invoice list shows"
            raise Refused("nothing_to_export", f"{text} what was issued", period=span)
        with written(path) as out:
            journal.write(out, pieces, settings.accounts, worth, SEPARATORS[separator])
    documents = journal.totals(pieces)
    document = {"format": "fec", "period": span, "closing": closing.isoformat(), "entries": len(pieces)}
    tell(session, path, {**document, "documents": documents}, sentences.count(len(pieces), "entry", "entries"))


def _name(settings: Settings, closing: date, file: str | None) -> str:
    """The file's legal name; it needs the SIREN only where it is used."""
    from projections.exports.fec import file_name

    siren = settings.issuer.siren or (settings.issuer.siret or "")[:9]
    if not siren and (file is None or is_folder(file)):
        text = "the file is named by the issuer's SIREN: set issuer.siren in the settings (invoice settings --example)"
        raise Refused("invalid_settings", f"{text}, or name the file with -o")
    return file_name(siren, closing)


def _rates(given: Iterable[str]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for each in given:
        match = _RATE.fullmatch(each)
        if match is None or match[1] == "EUR" or match[1] in found or not Fraction(match[2]):
            raise Misused("usage", f"--rate {each} says no rate; write the euros for one unit once: --rate CHF=1.0471")
        found[match[1]] = Fraction(match[2])
    return found
