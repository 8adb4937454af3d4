"""`invoice`: the commission of a closed period as numbered documents, and what takes them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences, tables
from commands.instants import PERIOD
from commands.issuer import settings_of, settings_option
from commands.lazy import Command, LazyGroup
from commands.progress import progress
from commands.session import Session
from commands.tables import Column
from ledger.errors import IntegrityBroken

if TYPE_CHECKING:
    from commands.screen import Screen

invoice = LazyGroup(
    name="invoice",
    table={
        "issue": ("commands.invoice_command:issue", "Issue the invoices and credit notes of a closed period."),
        "list": ("commands.invoice_command:list_", "Every issued document: number, pro, period, what is owed."),
        "pdf": ("commands.invoice_pdf_command:pdf", "One document as PDF, with the structured invoice inside."),
        "show": ("commands.invoice_command:show", "One document whole: parties, lines, VAT, mentions."),
        "verify": (
            "commands.invoice_command:verify",
            "Prove the numbers, and every amount against the frozen entries.",
        ),
        "settings": ("commands.invoice_command:settings", "The issuer's settings in use, or an example to start from."),
    },
    help="""The invoices of the platform's commission to its pros, and the credit notes that take them back.

    A document is issued once and never altered: no later fact, policy, void or erasure changes it. What changes after a
    period was closed is credited in the next one (see billing close, adjust).

    \b
    Example:
      mission-ledger billing close 2026-03 --by "A. Favre"
      mission-ledger invoice issue --period 2026-03 --by "A. Favre"
      mission-ledger invoice show F-2026-000001
    """,
)

_LIST = (
    Column(title="number", style="bold"),
    Column(title="kind"),
    Column(title="of", leave_out=2),
    Column(title="pro"),
    Column(title="period"),
    Column(title="commission", number=True, leave_out=3),
    Column(title="VAT", number=True, leave_out=4),
    Column(title="total", number=True),
    Column(title="currency"),
    Column(title="issued (UTC)", leave_out=1),
)
_LINES = (
    Column(title="date"),
    Column(title="mission"),
    Column(title="service", leave_out=1),
    Column(title="city", leave_out=3),
    Column(title="minutes", number=True, leave_out=2),
    Column(title="gross", number=True),
    Column(title="rate", number=True),
    Column(title="commission", number=True),
    Column(title="VAT rate", number=True, leave_out=4),
    Column(title="VAT", number=True),
)
_BREAKDOWN = (Column(title="VAT rate", number=True), Column(title="on", number=True), Column(title="VAT", number=True))
_CHECKS = (Column(title="check"), Column(title="result"), Column(title="detail"))


@click.command("issue", cls=Command)
@click.option("--period", type=PERIOD, metavar="YYYY-MM", required=True, help="The closed month to invoice.")
@click.option("--pro", help="Only the documents of this pro.")
@click.option("--by", metavar="NAME", help="Who issues them; kept with each.")
@settings_option
@click.pass_obj
def issue(session: Session, period: str, pro: str | None, by: str | None, settings_file: str | None) -> None:
    """Issue what the closed month --period bears and no document holds yet; running it again issues nothing twice.

    One invoice per pro and currency, over the lines that bear a commission; a client's absence bears none. Where the
    month corrects a line of an earlier invoice, a credit note of that invoice negates what it said, to the cent, and
    the new line is on the month's invoice. A line that was corrected before it was ever invoiced waits: its correction
    is issued once the month it was closed in is.

    Numbers run 1, 2, 3 … in a series for each year (of the issuer's calendar), credit notes in one of their own. They
    are given in the commit that records the document: processes at once, or killed, leave no gap and no duplicate.

    \b
    Examples:
      mission-ledger invoice issue --period 2026-03 --by "A. Favre"
      mission-ledger invoice issue --period 2026-03 --pro pro-7 --settings billing.toml --json
    """
    with session.ledger() as ledger, progress("issuing") as advance:
        settings = settings_of(ledger, settings_file)
        document = ledger.issue_invoices(period, pro=pro, by=by, settings=settings, progress=advance)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    if document["issued"]:
        tables.show(screen, _LIST, [_listed(each) for each in document["issued"]])
    output.line(screen, _said(document, pro))
    if missing := ", ".join(document["lacking"]):
        output.line(screen, f"the settings do not say {missing}: the documents lack it until they do", style="dim")


def _said(document: Mapping[str, Any], pro: str | None) -> str:
    """What was issued, and what waits; that nothing is left is said only where it is so."""
    period, issued, waiting = document["period"], document["issued"], document["waiting"]
    invoices = sum(each["kind"] == "invoice" for each in issued)
    said = f"{sentences.count(invoices, 'invoice')} and {sentences.count(len(issued) - invoices, 'credit note')} issued"
    if waiting["entries"]:
        entries = sentences.count(waiting["entries"], "entry waits: it corrects", "entries wait: they correct")
        said = f"{said if issued else 'nothing to issue yet'}; {entries} what is on no document yet of"
        return f"{said} {', '.join(waiting['periods'])}; issue that, then {period} again"
    of = f"{period} of {pro}" if pro else period
    return said if issued else f"nothing to issue: every entry of {of} that bears a commission has its document"


@click.command("list", cls=Command)
@click.option("--pro", help="Only the documents of this pro.")
@click.option("--period", type=PERIOD, metavar="YYYY-MM", help="Only the documents of this month.")
@click.pass_obj
def list_(session: Session, pro: str | None, period: str | None) -> None:
    """List issued documents in the order of issue. `total` is what the pro owes: commission and VAT on it.

    The total of a credit note is negative; it says which invoice it takes back from.

    \b
    Examples:
      mission-ledger invoice list --period 2026-03
      mission-ledger invoice list --pro pro-7 --json | jq -r '.invoices[].number'
    """
    with session.ledger() as ledger:
        document = ledger.invoices(pro=pro, period=period)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    if not document["invoices"]:
        output.line(screen, "no document was issued")
        return
    tables.show(screen, _LIST, [_listed(each) for each in document["invoices"]])


def _listed(each: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        each["number"],
        each["kind"].replace("_", " "),
        each["of"],
        each["pro"],
        each["period"],
        each["commission"],
        each["vat"],
        each["total"],
        each["currency"],
        sentences.stamp(each["issued"]),
    )


@click.command("show", cls=Command)
@click.argument("number", metavar="NUMBER")
@settings_option
@click.pass_obj
def show(session: Session, number: str, settings_file: str | None) -> None:
    """Show the document NUMBER as it was issued: who invoices whom, each line, VAT by rate, mentions, digest.

    The parties are those of the day of issue. Of a pro that was erased since, its id remains. Where nothing was known
    of a party on that day, the settings of today are shown.

    \b
    Example:
      mission-ledger invoice show F-2026-000001 --json | jq .totals
    """
    with session.ledger() as ledger:
        document = ledger.invoice(number, settings_of(ledger, settings_file))
    if session.json:
        output.print_json(document)
        return
    _page(output.console(), document)


def _page(screen: Screen, document: Mapping[str, Any]) -> None:
    kind = "Invoice" if document["kind"] == "invoice" else f"Credit note on {document['of']},"
    output.heading(screen, f"{kind} {document['number']}")
    due = f", due {document['due_date']}" if document["due_date"] else ""
    output.line(screen, f"issued {document['issue_date']}{due}, period {document['period']}, {document['currency']}")
    output.line(screen, f"from {_party(document['seller'] or {}) or 'an issuer that the settings do not name'}")
    output.line(screen, f"to   {_party(document['buyer'])}")
    screen.print()
    tables.show(screen, _LINES, [_document_line(each) for each in document["lines"]])
    screen.print()
    rates = [(sentences.percent(each["rate"]), each["base"], each["vat"]) for each in document["vat_breakdown"]]
    tables.show(screen, _BREAKDOWN, rates)
    totals = document["totals"]
    said = f"commission {totals['commission']} + VAT {totals['vat']} = {totals['total']} {document['currency']}"
    output.line(screen, said, style="bold")
    screen.print()
    for each in document["mentions"]:
        output.paragraph(screen, each, style="dim")
    if document["lacking"]:
        output.line(screen, f"lacking in the settings: {', '.join(document['lacking'])}", style="dim")
    output.line(screen, f"#{document['position']}, digest {document['digest']}", style="dim")


def _document_line(each: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        each["date"],
        each["mission"],
        each["service"],
        each["city"],
        each["minutes"],
        each["gross"],
        sentences.percent(each["rate"]),
        each["commission"],
        sentences.percent(each["vat_rate"]),
        each["vat"],
    )


def _party(party: Mapping[str, Any]) -> str:
    """Name, address and numbers in one line; a pro's id where nothing else is known."""
    address = party.get("address") or {}
    place = " ".join(address[name] for name in ("postcode", "city") if address.get(name))
    said = [party.get("name"), party.get("id"), address.get("street"), place, address.get("country")]
    said += [f"SIREN {party['siren']}" if party.get("siren") else None]
    said += [f"SIRET {party['siret']}" if party.get("siret") else None]
    said += [f"VAT {party['vat_number']}" if party.get("vat_number") else None]
    said += ["erased" if party.get("erased") else None]
    return ", ".join(each for each in said if each)


@click.command("verify", cls=Command)
@click.pass_obj
def verify(session: Session) -> None:
    """Prove that numbers have no gap and no duplicate, and that every amount is that of the frozen entries.

    Nothing is written. The exit code is 4 when something differs. What closed a period is not derived again here:
    `verify` does that, and this as well.

    \b
    Example:
      mission-ledger invoice verify --json | jq .ok
    """
    with session.ledger() as ledger:
        document = ledger.verify_invoices()
    if session.json:
        output.print_json(document)
    else:
        screen = output.console()
        rows = [(each["check"], "ok" if each["ok"] else "BROKEN", each["detail"]) for each in document["checks"]]
        tables.show(screen, _CHECKS, rows)
        output.line(
            screen, f"{sentences.count(document['invoices'], 'document')} up to #{document['position']}", style="dim"
        )
    first = document["first_difference"]
    if first is not None:
        message = f"the invoices are not what they must be; first at #{first['position']}: {first['what']}"
        raise IntegrityBroken("integrity_broken", message, first_difference=first)


@click.command("settings", cls=Command)
@click.option("--example", is_flag=True, help="Print a commented file to start from.")
@settings_option
@click.pass_obj
def settings(session: Session, example: bool, settings_file: str | None) -> None:
    """Show the issuer's settings in use and what a legal document still lacks; with --example, a file to start from.

    \b
    Examples:
      mission-ledger invoice settings --example > billing.toml
      mission-ledger invoice settings --settings billing.toml --json | jq .lacking
    """
    from ledger import settings as known

    if example:
        click.echo(known.example(), nl=False)
        return
    with session.ledger() as ledger:
        folder = ledger.database.folder
    found = known.load(settings_file, folder)
    file = known.located(settings_file, folder)
    lacking = list(found.lacking())
    if session.json:
        said = found.model_dump(mode="json", exclude_none=True)
        output.print_json({"file": file, "settings": said, "lacking": lacking})
        return
    screen = output.console()
    output.line(screen, f"settings of {file}" if file else "no settings file; defaults")
    issuer = found.issuer
    output.line(screen, f"issuer: {_party(issuer.model_dump()) or 'not named'}; {issuer.zone}, {issuer.language}")
    output.line(screen, f"series: {found.series.invoice}-YYYY, credit notes {found.series.credit_note}-YYYY")
    output.line(screen, f"{sentences.count(len(found.pros), 'pro')} described; due after {found.payment.due_days} days")
    if lacking:
        output.line(
            screen, f"a legal document lacks {', '.join(lacking)}; invoice settings --example shows a whole file"
        )
