"""`invoice pdf`: an issued document as a file to send."""

from __future__ import annotations

from pathlib import Path

import click

from commands import output
from commands.issuer import settings_of, settings_option
from commands.lazy import Command
from commands.session import Session


@click.command("pdf", cls=Command)
@click.argument("number", metavar="NUMBER")
@click.option("-o", "--output", "file", metavar="FILE", help="Where to write it. Default: NUMBER.pdf in this folder.")
@click.option(
    "--language",
    type=click.Choice(("fr", "en", "de")),
    help="Of its words and mentions. Default: that it was issued in.",
)
@settings_option
@click.pass_obj
def pdf(session: Session, number: str, file: str | None, language: str | None, settings_file: str | None) -> None:
    """Write the document NUMBER as PDF, with the structured invoice (Factur-X, EN 16931) inside.

    The XML is checked against its schema before anything is written. The issuer's name, address, SIREN and VAT number
    are needed: those of the day of issue, else those of the settings. A pro without an address in the settings stands
    there by what is known, its id at least, and in the issuer's country. Needs the libraries of
    `pip install 'mission-ledger[documents]'`.

    \b
    Examples:
      mission-ledger invoice pdf F-2026-000001
      mission-ledger invoice pdf A-2026-000001 --language en -o credit.pdf --settings billing.toml
    """
    from commands.documents import factur_x

    with session.ledger() as ledger:
        settings = settings_of(ledger, settings_file)
        document = ledger.invoice(number, settings)
    made = factur_x(document, settings, language)
    target = Path(file or f"{number}.pdf")
    target.write_bytes(made)
    buyer = document["buyer"]
    lacking = [f"buyer.{name}" for name in ("name", "address") if not buyer.get(name)]
    if session.json:
        output.print_json({"number": number, "file": str(target), "bytes": len(made), "lacking": lacking})
        return
    screen = output.console()
    output.line(screen, f"{number} written to {target} ({len(made):,} bytes)")
    if lacking and not buyer.get("erased"):
        said = f"nothing says {' and '.join(lacking)} of {document['pro']}: write [pros.{document['pro']}]"
        output.line(screen, f"{said} into the settings", style="dim")
