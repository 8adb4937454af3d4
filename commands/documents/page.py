"""The page people read, as PDF: parties, lines, VAT, totals, mentions, on as many pages as it takes.

Fonts and a colour profile are embedded, as PDF/A-3 asks of a file that carries a Factur-X invoice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from ledger.invoicing import CREDIT_NOTE
from ledger.money import ratio_text
from ledger.wording import day, texts

Document = Mapping[str, Any]

REGULAR, BOLD = "Vera", "VeraBd"
MARGIN_MM = 18
WIDTH_MM = 210 - 2 * MARGIN_MM
_COLUMNS_MM = (20, 43, 27, 24, 16, 24, 20)


def page(document: Document, mentions: Sequence[str], language: str) -> bytes:
    """The PDF of a document."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import SimpleDocTemplate, Spacer

    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    made = _Page(document, language)
    story = [
        made.heading(),
        Spacer(0, 6 * mm),
        made.parties(),
        Spacer(0, 6 * mm),
        made.lines(),
        Spacer(0, 6 * mm),
        made.totals(),
        Spacer(0, 8 * mm),
        *made.foot(mentions),
    ]
    file = BytesIO()
    template = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN_MM * mm,
        rightMargin=MARGIN_MM * mm,
        topMargin=MARGIN_MM * mm,
        bottomMargin=MARGIN_MM * mm,
        title=made.title,
        author=made.printable(document["seller"]["name"]),
        lang=language,
        initialFontName=REGULAR,  # else every page names Helvetica, which is not embedded
        invariant=1,  # the same document gives the same bytes
    )
    template.build(story, onFirstPage=made.number_page, onLaterPages=made.number_page)
    return _with_colours(file.getvalue())


class _Page:
    """The parts of the page in one language."""

    def __init__(self, document: Document, language: str) -> None:
        from reportlab.lib.styles import ParagraphStyle

        self.document = document
        self.language = language
        self.words = texts(language)["words"]
        self.text = ParagraphStyle("text", fontName=REGULAR, fontSize=8, leading=11)
        self.bold = ParagraphStyle("bold", parent=self.text, fontName=BOLD)
        self.head = ParagraphStyle("head", parent=self.bold, fontSize=15, leading=19)
        self.right = ParagraphStyle("right", parent=self.text, alignment=2)
        kind = "credit_note" if document["kind"] == CREDIT_NOTE else "invoice"
        self.bold_right = ParagraphStyle("bold right", parent=self.bold, alignment=2)
        self.title = f"{self.words[kind]} {document['number']}"

    def printable(self, text: str) -> str:
        """The text in letters the font has: a letter it lacks loses its accent, anything else becomes `?`."""
        from reportlab.pdfbase import pdfmetrics

        known = pdfmetrics.getFont(REGULAR).face.charToGlyph
        composed = unicodedata.normalize("NFC", text)
        return "".join(each if ord(each) in known else _plain(each, known) for each in composed)

    def paragraph(self, text: str, style: Any = None) -> Any:
        from xml.sax.saxutils import escape

        from reportlab.platypus import Paragraph

        return Paragraph(escape(self.printable(text)), style or self.text)

    def amount(self, text: str) -> str:
        return text.replace(".", ",") if self.words["decimal_comma"] else text

    def percent(self, share: str) -> str:
        from fractions import Fraction

        return f"{self.amount(ratio_text(Fraction(share) * 100))} %"

    def date(self, iso: str) -> str:
        return day(date.fromisoformat(iso), self.language)

    # -- the parts --------------------------------------------------------------------------------------------------

    def heading(self) -> Any:
        said = [f"{self.words['issue_date']} : {self.date(self.document['issue_date'])}"]
        if self.document["due_date"]:
            said.append(f"{self.words['due_date']} : {self.date(self.document['due_date'])}")
        said.append(f"{self.words['period']} : {self.document['period']}")
        return self.table([[self.paragraph(self.title, self.head), [self.paragraph(each) for each in said]]], (114, 60))

    def parties(self) -> Any:
        titles = [self.paragraph(self.words[name], self.bold) for name in ("seller", "buyer")]
        return self.table([titles, [self.party(self.document["seller"]), self.party(self.document["buyer"])]], (87, 87))

    def party(self, party: Document) -> list[Any]:
        address = party.get("address") or {}
        place = " ".join(address[name] for name in ("postcode", "city") if address.get(name))
        said = [party.get("name"), party.get("id"), address.get("street"), place, address.get("country")]
        form = [party.get("legal_form"), party.get("capital"), party.get("registration")]
        said.append(", ".join(each for each in form if each))
        for name in ("siren", "siret", "vat_number"):
            said.append(f"{self.words[name]} {party[name]}" if party.get(name) else None)
        said.append(f"{self.words['account']} {party['iban']}" if party.get("iban") else None)
        return [self.paragraph(each) for each in said if each]

    def lines(self) -> Any:
        texts, numbers = ("date", "mission", "service"), ("base", "rate", "commission", "vat_rate")
        titles = [self.paragraph(self.words[each], self.bold) for each in texts]
        rows = [[*titles, *(self.paragraph(self.words[each], self.bold_right) for each in numbers)]]
        for line in self.document["lines"]:
            rows.append(
                [
                    self.paragraph(self.date(line["date"])),
                    self.paragraph(line["mission"]),
                    self.paragraph(line["service"]),
                    self.paragraph(self.amount(line["gross"]), self.right),
                    self.paragraph(self.percent(line["rate"]), self.right),
                    self.paragraph(self.amount(line["commission"]), self.right),
                    self.paragraph(self.percent(line["vat_rate"]), self.right),
                ]
            )
        return self.table(rows, _COLUMNS_MM, repeatRows=1, ruled=True)

    def totals(self) -> Any:
        totals, currency = self.document["totals"], self.document["currency"]
        rows = [(self.words["total_without_vat"], totals["commission"])]
        for rate in self.document["vat_breakdown"]:
            base = f"{self.words['vat_rate']} {self.percent(rate['rate'])} ({self.amount(rate['base'])})"
            rows.append((base, rate["vat"]))
        rows.append((self.words["total"], totals["total"]))
        shown = [
            [self.paragraph(name, self.bold), self.paragraph(f"{self.amount(value)} {currency}", self.right)]
            for name, value in rows
        ]
        return self.table(shown, (60, 40), hAlign="RIGHT", ruled=True)

    def foot(self, mentions: Sequence[str]) -> list[Any]:
        return [self.paragraph(each) for each in mentions]

    def number_page(self, canvas: Any, template: Any) -> None:
        from reportlab.lib.units import mm

        canvas.setFont(REGULAR, 7)
        canvas.drawRightString((210 - MARGIN_MM) * mm, 10 * mm, f"{self.document['number']} – {template.page}")

    def table(self, rows: Any, widths: Sequence[int], *, ruled: bool = False, **how: Any) -> Any:
        from reportlab.lib import colors
        from reportlab.lib.units import mm
        from reportlab.platypus import Table

        style: list[Any] = [
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ]
        if ruled:
            style.append(("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey))
        return Table(
            rows, colWidths=[each * mm for each in widths], style=style, hAlign=how.pop("hAlign", "LEFT"), **how
        )


def _plain(character: str, known: Any) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return base if ord(base) in known else "?"


def _with_colours(pdf: bytes) -> bytes:
    """The PDF with the profile its colours are meant in."""
    from PIL import ImageCms
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

    profile = StreamObject()
    profile.set_data(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[NameObject("/N")] = NumberObject(3)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    intent = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
            NameObject("/DestOutputProfile"): writer._add_object(profile.flate_encode()),
        }
    )
    writer._root_object[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(intent)])
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
