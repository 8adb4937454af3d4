"""The structured invoice: a document in the syntax of EN 16931 (UN/CEFACT CII), as Factur-X carries it.

Each mission is a line of quantity 1 whose price is its commission. A credit note (type 381) states what it takes back
as positive amounts, as the norm has it. Amounts are the texts of the document; nothing is computed here but that sign.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ledger.errors import Refused
from ledger.invoicing import CREDIT_NOTE
from ledger.money import EXPONENT, ratio_text
from ledger.wording import texts

Document = Mapping[str, Any]

GUIDELINE = "urn:cen.eu:en16931:2017"
_SPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
MOST_DECIMALS = 2
INVOICE_CODE, CREDIT_NOTE_CODE = "380", "381"
CREDIT_TRANSFER, SEPA_TRANSFER = "30", "58"
SIREN_SCHEME, SIRET_SCHEME = "0002", "0009"


def structured(document: Document, mentions: list[str], language: str) -> bytes:
    """The XML. Refuses (`too_precise`) a currency with more than two decimals, which EN 16931 cannot express."""
    from lxml import etree

    if EXPONENT[document["currency"]] > MOST_DECIMALS:
        text = f"EN 16931 has two decimals, {document['currency']} has {EXPONENT[document['currency']]}"
        raise Refused("too_precise", f"{text}; invoice show {document['number']} --json has the whole document")
    root = etree.Element(f"{{{_SPACES['rsm']}}}CrossIndustryInvoice", nsmap=_SPACES)
    writer = _Writer(etree, document, language)
    writer.header(root, mentions)
    deal = writer.add(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(document["lines"], 1):
        writer.line(deal, number, line)
    writer.parties(deal)
    writer.delivery(deal)
    writer.settlement(deal, mentions)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


class _Writer:
    """Adds elements in the order the schema asks for."""

    def __init__(self, etree: Any, document: Document, language: str) -> None:
        self.etree = etree
        self.document = document
        self.words = texts(language)["words"]
        self.credit = document["kind"] == CREDIT_NOTE

    def add(self, parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
        prefix, _, local = name.partition(":")
        element = self.etree.SubElement(parent, f"{{{_SPACES[prefix]}}}{local}", attributes)
        element.text = text
        return element

    def amount(self, parent: Any, name: str, text: str, **attributes: str) -> None:
        """An amount of the document; a credit note's is turned positive."""
        if self.credit and text.strip("-0."):
            text = text[1:] if text.startswith("-") else f"-{text}"
        self.add(parent, name, text, **attributes)

    def day(self, parent: Any, name: str, iso: str) -> None:
        self.add(self.add(parent, name), "udt:DateTimeString", iso.replace("-", ""), format="102")

    # -- the parts ------------------------------------------------------------------------------------------------

    def header(self, root: Any, mentions: list[str]) -> None:
        context = self.add(root, "rsm:ExchangedDocumentContext")
        self.add(self.add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", GUIDELINE)
        header = self.add(root, "rsm:ExchangedDocument")
        self.add(header, "ram:ID", self.document["number"])
        self.add(header, "ram:TypeCode", CREDIT_NOTE_CODE if self.credit else INVOICE_CODE)
        self.day(header, "ram:IssueDateTime", self.document["issue_date"])
        for each in mentions:
            self.add(self.add(header, "ram:IncludedNote"), "ram:Content", each)

    def line(self, deal: Any, number: int, line: Document) -> None:
        item = self.add(deal, "ram:IncludedSupplyChainTradeLineItem")
        self.add(self.add(item, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(number))
        product = self.add(item, "ram:SpecifiedTradeProduct")
        self.add(product, "ram:Name", f"{self.words['commission_on']} {line['mission']}")
        self.add(product, "ram:Description", f"{line['date']}, {line['service']}, {line['city']}")
        price = self.add(self.add(item, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
        self.amount(price, "ram:ChargeAmount", line["commission"])
        self.add(self.add(item, "ram:SpecifiedLineTradeDelivery"), "ram:BilledQuantity", "1", unitCode="C62")
        settlement = self.add(item, "ram:SpecifiedLineTradeSettlement")
        tax = self.add(settlement, "ram:ApplicableTradeTax")
        self.add(tax, "ram:TypeCode", "VAT")
        self.add(tax, "ram:CategoryCode", self.category(line["vat_rate"]))
        self.add(tax, "ram:RateApplicablePercent", _percent(line["vat_rate"]))
        sums = self.add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
        self.amount(sums, "ram:LineTotalAmount", line["commission"])

    def parties(self, deal: Any) -> None:
        agreement = self.add(deal, "ram:ApplicableHeaderTradeAgreement")
        seller, buyer = self.document["seller"], self.document["buyer"]
        self.party(self.add(agreement, "ram:SellerTradeParty"), seller, seller["address"])
        known = buyer.get("address") or {"country": seller["address"]["country"]}
        self.party(self.add(agreement, "ram:BuyerTradeParty"), buyer, known)

    def party(self, element: Any, party: Document, address: Document) -> None:
        if party.get("id"):
            self.add(element, "ram:ID", party["id"])
        self.add(element, "ram:Name", party.get("name") or party["id"])
        scheme = SIREN_SCHEME if party.get("siren") else SIRET_SCHEME
        registered = party.get("siren") or party.get("siret")
        if registered:
            organisation = self.add(element, "ram:SpecifiedLegalOrganization")
            self.add(organisation, "ram:ID", registered, schemeID=scheme)
        place = self.add(element, "ram:PostalTradeAddress")
        for name, key in (("PostcodeCode", "postcode"), ("LineOne", "street"), ("CityName", "city")):
            if address.get(key):
                self.add(place, f"ram:{name}", address[key])
        self.add(place, "ram:CountryID", address["country"])
        if party.get("email"):
            self.add(self.add(element, "ram:URIUniversalCommunication"), "ram:URIID", party["email"], schemeID="EM")
        if party.get("vat_number"):
            self.add(self.add(element, "ram:SpecifiedTaxRegistration"), "ram:ID", party["vat_number"], schemeID="VA")
        elif party.get("vat_regime") == "franchise" and party.get("siren"):
            self.add(self.add(element, "ram:SpecifiedTaxRegistration"), "ram:ID", party["siren"], schemeID="FC")

    def delivery(self, deal: Any) -> None:
        """The day of the last mission."""
        delivered = self.add(deal, "ram:ApplicableHeaderTradeDelivery")
        event = self.add(delivered, "ram:ActualDeliverySupplyChainEvent")
        self.day(event, "ram:OccurrenceDateTime", max(line["date"] for line in self.document["lines"]))

    def settlement(self, deal: Any, mentions: list[str]) -> None:
        document, totals = self.document, self.document["totals"]
        settlement = self.add(deal, "ram:ApplicableHeaderTradeSettlement")
        self.add(settlement, "ram:PaymentReference", document["number"])
        self.add(settlement, "ram:InvoiceCurrencyCode", document["currency"])
        self.means(settlement, document["seller"])
        for rate in document["vat_breakdown"]:
            self.tax(settlement, rate)
        year, month = map(int, document["period"].split("-"))
        period = self.add(settlement, "ram:BillingSpecifiedPeriod")
        self.day(period, "ram:StartDateTime", f"{document['period']}-01")
        self.day(period, "ram:EndDateTime", f"{document['period']}-{monthrange(year, month)[1]}")
        terms = self.add(settlement, "ram:SpecifiedTradePaymentTerms")
        self.add(terms, "ram:Description", mentions[0])
        if document["due_date"]:
            self.day(terms, "ram:DueDateDateTime", document["due_date"])
        sums = self.add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
        self.amount(sums, "ram:LineTotalAmount", totals["commission"])
        self.amount(sums, "ram:TaxBasisTotalAmount", totals["commission"])
        self.amount(sums, "ram:TaxTotalAmount", totals["vat"], currencyID=document["currency"])
        self.amount(sums, "ram:GrandTotalAmount", totals["total"])
        self.amount(sums, "ram:DuePayableAmount", totals["total"])
        if document["of"]:
            self.add(self.add(settlement, "ram:InvoiceReferencedDocument"), "ram:IssuerAssignedID", document["of"])

    def means(self, settlement: Any, seller: Document) -> None:
        if seller.get("iban"):
            means = self.add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
            sepa = self.document["currency"] == "EUR"
            self.add(means, "ram:TypeCode", SEPA_TRANSFER if sepa else CREDIT_TRANSFER)
            self.add(self.add(means, "ram:PayeePartyCreditorFinancialAccount"), "ram:IBANID", seller["iban"])

    def tax(self, settlement: Any, rate: Document) -> None:
        category = self.category(rate["rate"])
        tax = self.add(settlement, "ram:ApplicableTradeTax")
        self.amount(tax, "ram:CalculatedAmount", rate["vat"])
        self.add(tax, "ram:TypeCode", "VAT")
        reasons = {"E": "VATEX-FR-FRANCHISE", "AE": "VATEX-EU-AE"}
        if category in reasons:
            said = texts(self.document["language"])["mentions"]
            self.add(tax, "ram:ExemptionReason", said["franchise" if category == "E" else "reverse_charge"])
        self.amount(tax, "ram:BasisAmount", rate["base"])
        self.add(tax, "ram:CategoryCode", category)
        if category in reasons:
            self.add(tax, "ram:ExemptionReasonCode", reasons[category])
        self.add(tax, "ram:RateApplicablePercent", _percent(rate["rate"]))

    def category(self, rate: str) -> str:
        """S: standard; without VAT, E: the issuer is exempt, AE: the buyer owes it, Z: the rate is zero."""
        if Fraction(rate):
            return "S"
        if self.document["seller"].get("vat_regime") == "franchise":
            return "E"
        return "AE" if self.document["buyer"].get("vat_regime") == "reverse_charge" else "Z"


def _percent(rate: str) -> str:
    return ratio_text(Fraction(rate) * 100)
