"""Statements and attestations as pages a person reads: plain text, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.text import escaped

Document = Mapping[str, Any]
WIDTH = 78
GAP = 2

STATEMENT_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("Yearly statement", "month", "missions", "gross", "commission", "VAT", "net", "total"),
    "fr": ("Relevé annuel", "mois", "missions", "brut", "commission", "TVA", "net", "total"),
    "de": ("Jahresabrechnung", "Monat", "Aufträge", "brutto", "Provision", "MwSt.", "netto", "Summe"),
}
_NOT_CLOSED = {
    "en": "Not closed yet, may still change: {}",
    "fr": "Mois non clos, susceptibles de changer : {}",
    "de": "Noch nicht abgeschlossen, kann sich ändern: {}",
}


def statement_page(document: Document, provisional: Sequence[str], language: str) -> Iterator[str]:
    """The lines of one pro's statement."""
    title, *heads, total = STATEMENT_WORDS[language]
    yield f"{title} {document['year']} – {escaped(document['pro'])}"
    yield "=" * WIDTH
    names = ("month", "missions", "gross", "commission", "vat", "net")
    for currency, part in document["currencies"].items():
        yield ""
        yield currency
        rows = [[str(month[name]) for name in names] for month in part["months"]]
        rows.append([total, *(str(part[name]) for name in names[1:])])
        yield from _columns([list(heads), *rows], right=range(1, len(names)))
    yield from _note(_NOT_CLOSED[language], provisional)


def attestation_page(head: Document, document: Document) -> Iterator[str]:
    """The lines of one client's attestation, in French: it is for the French tax office."""
    provider, client = head["provider"], document["client"]
    yield f"Attestation fiscale annuelle {document['year']} – services à la personne"
    yield "=" * WIDTH
    yield ""
    named = [provider.get("name"), *_address_lines(provider.get("address"))]
    yield from (escaped(each) for each in named if each)
    for label, key in (("SIREN", "siren"), ("Déclaration SAP", "sap_number")):
        yield f"{label} : {escaped(provider.get(key) or '(à compléter)')}"
    yield ""
    yield f"Client : {escaped(client['id'])}"
    if client.get("address"):
        yield f"Adresse : {escaped(client['address'])}"
    yield ""
    heads = ["date", "intervenant", "service", "durée", "prix horaire", "autres", "payé", "devise"]
    rows = [
        [
            each["date"],
            each["pro"],
            each["service"],
            f"{each['minutes'] // 60} h {each['minutes'] % 60:02d}",
            each["hourly_price"],
            each["other"],
            each["paid"],
            each["currency"],
        ]
        for each in document["interventions"]
    ]
    yield from _columns([heads, *rows], right=range(3, 7))
    yield ""
    for currency, total in document["totals"].items():
        time = f"{total['minutes'] // 60} h {total['minutes'] % 60:02d}"
        count = total["interventions"]
        yield f"Total {currency} : {count} intervention{'s' if count > 1 else ''}, {time}, {total['paid']} payés"
    yield from _note(_NOT_CLOSED["fr"], head["provisional"])


def _note(text: str, provisional: Sequence[str]) -> Iterator[str]:
    if provisional:
        yield ""
        yield text.format(", ".join(provisional))


def _address_lines(address: Document | None) -> Iterator[str]:
    if address:
        town = " ".join(str(address[each]) for each in ("postcode", "city") if address.get(each))
        yield from (str(each) for each in (address.get("street"), town, address.get("country")) if each)


def _columns(rows: Sequence[Sequence[str]], *, right: Iterable[int]) -> Iterator[str]:
    """Rows of cells under one another, some columns flush right; nothing is cut."""
    from rich.cells import cell_len

    cells, numbers = [[escaped(cell) for cell in row] for row in rows], set(right)
    widths = [max(cell_len(row[index]) for row in cells) for index in range(len(cells[0]))]
    for row in cells:
        padded = []
        for index, cell in enumerate(row):
            space = " " * (widths[index] - cell_len(cell))
            padded.append(space + cell if index in numbers else cell + space)
        yield (" " * GAP).join(padded).rstrip()
