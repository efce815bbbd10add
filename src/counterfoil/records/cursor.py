"""Page tokens: the last key of a page, sealed together with the query it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from counterfoil.basis import JSON, NotCanonical, Secret, decode, encode
from counterfoil.records.faults import PAGE_TOKEN_WRONG

_MAC_BYTES: Final = 16


def sealed(query: Mapping[str, JSON], last: tuple[int, str], key: Secret[bytes]) -> str:
    """A token that continues ``query`` after ``last`` (instant, id)."""
    body = encode([last[0], last[1]])
    return _text(_mac(query, body, key) + body)


def opened(query: Mapping[str, JSON], token: str, key: Secret[bytes]) -> tuple[int, str]:
    """The key after which the page begins. Raises PAGE_TOKEN_WRONG for any token that is not of this query."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # Base64 has more than one text for some bytes; only ours counts.
        genuine = token == _text(raw) and hmac.compare_digest(mac, _mac(query, body, key))
        last = decode(body) if genuine else None
    except (binascii.Error, ValueError, NotCanonical) as error:
        raise PAGE_TOKEN_WRONG(field="after") from error
    if not (isinstance(last, list) and isinstance(last[0], int) and isinstance(last[1], str)):
        raise PAGE_TOKEN_WRONG(field="after")
    return last[0], last[1]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _mac(query: Mapping[str, JSON], body: bytes, key: Secret[bytes]) -> bytes:
    said = hashlib.sha256(encode(query)).digest() + body
    return hmac.new(key.reveal(), b"page" + said, hashlib.sha256).digest()[:_MAC_BYTES]
