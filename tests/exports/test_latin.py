"""Any text as ISO 8859-15 can hold it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.exports.latin import latin


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Zoë Müller", "Zoë Müller"),
        ("Zoe\u0308", "Zoë"),
        ("Œuvre à 5 €", "Œuvre à 5 €"),
        ("L’été – « vite »", "L'été - « vite »"),
        ("a|b\tc\r\nd", "a/b c d"),
        ("  a \u00a0 b  ", "a b"),
        ("Łódź", "Lódz"),
        ("Đặng Nguyễn", "Dang Nguyen"),
        ("ﬁn", "fin"),
        ("日本", "??"),
        ("a\u202eb\x00c\x85d", "ab c d"),
        ('"x"', "'x'"),
        ("\ud800", ""),
    ],
)
def test_text(text: str, spelled: str) -> None:
    assert latin(text) == spelled


@given(st.text())
def test_any_text_fits_into_a_field(text: str) -> None:
    spelled = latin(text)

    raw = spelled.encode("iso8859-15")
    assert not any(byte < 32 or 0x7F <= byte <= 0xA0 for byte in raw)
    assert not set(spelled) & set('\t|"')
    assert latin(spelled) == spelled == spelled.strip()
