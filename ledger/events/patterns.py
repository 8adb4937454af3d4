"""How the texts of events are spelt, and what to write where one is not: a pattern itself tells nobody.

Digits are those of ASCII, `[0-9]`: `\\d` would take those of every script, which other readers of an amount do not.
"""

from __future__ import annotations

IDENTIFIER = r"^[A-Za-z0-9._:\-]{1,128}$"
EVENT_ID = r"^[^\s\x00-\x1f\x7f]+$"
PERSON_NAME = r"\S"
AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,8})?$"
SIGNED_AMOUNT = r"^-?[0-9]{1,18}(\.[0-9]{1,8})?$"
CURRENCY = r"^[A-Z]{3}$"
RATIO = r"^[0-9]{1,9}(\.[0-9]{1,12})?$"
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
SHA256 = r"^[0-9a-f]{64}$"
DOCUMENT_NUMBER = r"^[A-Za-z0-9._-]+$"
RULE = r"^[a-z_]+(\.[a-z_]+)?$"
POLICY = r"^[^@\s]+@[^@\s]+$"
VERSION = r"^[^@\s]+$"

MEANT = {
    IDENTIFIER: "is not an identifier; write 1 to 128 characters out of A-Z a-z 0-9 . _ : -",
    EVENT_ID: "is not an id; write it without spaces and control characters",
    PERSON_NAME: "is blank; write a name",
    AMOUNT: "is not an amount; write digits and a point, such as 33.50",
    SIGNED_AMOUNT: "is not an amount; write digits and a point, such as 33.50 or -33.50",
    CURRENCY: "is not a currency; write its code of ISO 4217, such as EUR",
    RATIO: "is not a number; write digits and a point, such as 0.15",
    MONTH: "is not a month; write it as 2026-03",
    DAY: "is not a day; write it as 2026-03-31",
    SHA256: "is not a SHA-256; write its 64 digits 0-9 a-f",
    DOCUMENT_NUMBER: "is not a document's number; write characters out of A-Z a-z 0-9 . _ -",
    RULE: "is not a rule; write one such as no_show or conduct.violence",
    POLICY: "is not a policy; write id@version",
    VERSION: "is not a version; write it without spaces and @",
}
"""Pattern → what is said of a text that does not match it: the end of the sentence that the text begins."""
