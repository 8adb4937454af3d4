"""A strict reader of the FEC (LPF, article A47 A-1, VII): what the tax office's own checker looks at, and more.

Written from the norm alone; it shares nothing with the program that writes the files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEADER = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
]
MAY_BE_EMPTY = {"CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise"}
TOGETHER = (("CompAuxNum", "CompAuxLib"), ("EcritureLet", "DateLet"), ("Montantdevise", "Idevise"))
NAME = re.compile(r"(\d{9})FEC(\d{4})(\d\d)(\d\d)\.txt")
AMOUNT = re.compile(r"\d+,\d\d")
FOREIGN = re.compile(r"\d+(,\d+)?")


class NotAnFec(Exception):
    """What the file does that the norm does not allow, and on which line."""


@dataclass(frozen=True)
class Line:
    journal: str
    number: int
    entered: date
    account: str
    auxiliary: str
    auxiliary_name: str
    piece: str
    piece_date: date
    label: str
    debit: Decimal
    credit: Decimal
    valid: date
    foreign: Decimal | None
    currency: str


def read(raw: bytes, *, name: str | None = None) -> list[Line]:
    """The lines of a file, or NotAnFec. With its name, the dates must lie in the financial year that it names."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise NotAnFec("a byte order mark")
    if any(0x80 <= byte <= 0x9F for byte in raw):
        raise NotAnFec("a byte that is no character of ISO 8859-15")
    text = raw.decode("iso8859-15")
    rows = text.split("\r\n")
    if rows.pop() != "" or "\n" in "".join(rows) or "\r" in "".join(rows):
        raise NotAnFec("lines do not all end with CR LF")
    separator = "\t" if "\t" in rows[0] else "|"
    if rows[0].split(separator) != HEADER:
        raise NotAnFec(f"header {rows[0]!r}")
    if len(rows) < 2:
        raise NotAnFec("no line")
    lines = [_line(number, row.split(separator)) for number, row in enumerate(rows[1:], 2)]
    _entries(lines)
    if name is not None:
        _financial_year(lines, name)
    return lines


def _line(number: int, fields: list[str]) -> Line:
    if len(fields) != len(HEADER):
        raise NotAnFec(f"line {number}: {len(fields)} fields")
    values = dict(zip(HEADER, fields, strict=True))
    for name, value in values.items():
        if value != value.strip() or any(ord(each) < 32 or each in "|\t" for each in value):
            raise NotAnFec(f"line {number}: {name} {value!r}")
    for name, value in values.items():
        if not value and name not in MAY_BE_EMPTY:
            raise NotAnFec(f"line {number}: {name} is empty")
    for first, second in TOGETHER:
        if bool(values[first]) != bool(values[second]):
            raise NotAnFec(f"line {number}: {first} without {second}")
    if not re.fullmatch(r"\d{3}[0-9A-Z]*", values["CompteNum"]):
        raise NotAnFec(f"line {number}: account {values['CompteNum']!r}")
    if not re.fullmatch(r"[1-9]\d*", values["EcritureNum"]):
        raise NotAnFec(f"line {number}: EcritureNum {values['EcritureNum']!r}")
    debit, credit = (_amount(number, values[name]) for name in ("Debit", "Credit"))
    if (debit == 0) == (credit == 0):
        raise NotAnFec(f"line {number}: debit {debit}, credit {credit}")
    if values["Idevise"] and (not re.fullmatch("[A-Z]{3}", values["Idevise"]) or values["Idevise"] == "EUR"):
        raise NotAnFec(f"line {number}: currency {values['Idevise']!r}")
    if values["Montantdevise"] and not FOREIGN.fullmatch(values["Montantdevise"]):
        raise NotAnFec(f"line {number}: foreign amount {values['Montantdevise']!r}")
    return Line(
        journal=values["JournalCode"],
        number=int(values["EcritureNum"]),
        entered=_date(number, values["EcritureDate"]),
        account=values["CompteNum"],
        auxiliary=values["CompAuxNum"],
        auxiliary_name=values["CompAuxLib"],
        piece=values["PieceRef"],
        piece_date=_date(number, values["PieceDate"]),
        label=values["EcritureLib"],
        debit=debit,
        credit=credit,
        valid=_date(number, values["ValidDate"]),
        foreign=Decimal(values["Montantdevise"].replace(",", ".")) if values["Montantdevise"] else None,
        currency=values["Idevise"],
    )


def _amount(number: int, text: str) -> Decimal:
    if not AMOUNT.fullmatch(text) or (text.startswith("0") and not text.startswith("0,")):
        raise NotAnFec(f"line {number}: amount {text!r}")
    return Decimal(text.replace(",", "."))


def _date(number: int, text: str) -> date:
    if not re.fullmatch(r"(19|20)\d{6}", text):
        raise NotAnFec(f"line {number}: date {text!r}")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise NotAnFec(f"line {number}: date {text!r}") from None


def _entries(lines: list[Line]) -> None:
    """Entries of a journal: numbered 1, 2, 3 … without a gap, in the order of validation, in one piece, balanced."""
    entries: dict[str, dict[int, list[Line]]] = defaultdict(dict)
    before: tuple[str, int] | None = None
    for line in lines:
        journal = entries[line.journal]
        if before != (line.journal, line.number):
            if line.number != len(journal) + 1:
                raise NotAnFec(f"{line.journal}: entry {line.number} after {len(journal)}")
            journal[line.number] = []
        journal[line.number].append(line)
        before = line.journal, line.number
    for name, journal in entries.items():
        valid = date.min
        for number, parts in journal.items():
            same = {(each.entered, each.piece, each.piece_date, each.valid, each.currency) for each in parts}
            if len(same) != 1 or len(parts) < 2:
                raise NotAnFec(f"{name} {number}: its lines are not of one entry")
            if sum(each.debit for each in parts) != sum(each.credit for each in parts):
                raise NotAnFec(f"{name} {number}: not balanced")
            if parts[0].valid < valid or parts[0].valid < parts[0].entered:
                raise NotAnFec(f"{name} {number}: validated {parts[0].valid}")
            valid = parts[0].valid


def _financial_year(lines: list[Line], name: str) -> None:
    match = NAME.fullmatch(name)
    if match is None:
        raise NotAnFec(f"name {name!r}")
    siren = match[1]
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(siren)]
    if sum(each // 10 + each % 10 for each in doubled) % 10:
        raise NotAnFec(f"{siren} is no SIREN")
    closing = date(int(match[2]), int(match[3]), int(match[4]))
    for line in lines:
        if not (line.entered <= closing and (closing - line.entered).days < 366):
            raise NotAnFec(f"{line.entered} is not in the financial year that ends on {closing}")
