"""Personal data is stored encrypted under a key of the person it concerns; destroying the key erases it everywhere.

AES-SIV (RFC 5297) rather than AES-GCM, on purpose: it is deterministic and needs no nonce, so the same event sealed
twice gives the same bytes. The idempotency check and the hashes can therefore cover exactly what is stored, and an
erasure leaves every hash as it was. The event's identity is authenticated with each value, so equal texts in two events
do not look equal.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson

from ledger.events.catalogue import PERSONAL

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BITS = 256
SEALED = "sealed"
ERASED = "[erased]"


def new_key() -> bytes:
    """A fresh key for one person."""
    return _siv().generate_key(KEY_BITS)


def seal(doc: dict[str, Any], owner: str, key: bytes) -> dict[str, Any]:
    """The document with its personal fields replaced by `{"sealed": …, "of": person}`."""
    cipher = _siv()(key)
    data = dict(doc["data"])
    for name in PERSONAL[doc["type"]]:
        value = data.get(name)
        if value is not None:
            sealed = cipher.encrypt(orjson.dumps(value), _bound_to(doc, owner, name))
            data[name] = {SEALED: base64.b64encode(sealed).decode(), "of": owner}
    return {**doc, "data": data}


def unseal(doc: dict[str, Any], keys: dict[str, bytes | None]) -> dict[str, Any]:
    """The document as it came; a value whose key was destroyed reads `[erased]`."""
    fields = PERSONAL.get(doc["type"])
    if not fields:
        return doc
    data = dict(doc["data"])
    for name in fields:
        value = data.get(name)
        if isinstance(value, dict) and SEALED in value:
            data[name] = _open(doc, name, value, keys.get(value["of"]))
    return {**doc, "data": data}


def owners(doc: dict[str, Any]) -> set[str]:
    """The persons under whose keys fields of a stored document are sealed."""
    fields = PERSONAL.get(doc["type"], {})
    values = (doc["data"].get(name) for name in fields)
    return {value["of"] for value in values if isinstance(value, dict) and SEALED in value}


def _open(doc: dict[str, Any], name: str, value: dict[str, str], key: bytes | None) -> Any:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415

    if key is None:
        return ERASED
    try:
        plain = _siv()(key).decrypt(base64.b64decode(value[SEALED]), _bound_to(doc, value["of"], name))
    except InvalidTag:
        return ERASED
    return orjson.loads(plain)


def _siv() -> type[AESSIV]:
    """The cipher, imported with the first personal text: most questions meet none."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415

    return AESSIV


def _bound_to(doc: dict[str, Any], owner: str, name: str) -> list[bytes]:
    return [owner.encode(), name.encode(), doc["source"].encode(), doc["id"].encode()]
