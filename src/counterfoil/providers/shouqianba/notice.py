"""A notice (通知) of Shouqianba's, read: only a hint that an order is worth asking about.

Its signature says that Shouqianba wrote it once, not when, nor that it is the newest: it may come twice, late, out of
order or never. So nothing in it but our number is used, and the question that follows decides.
"""

from __future__ import annotations

from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from counterfoil.providers.shouqianba.signing import NotSigned, verify_notice
from counterfoil.providers.shouqianba.wire import Unreadable

ACCEPTED = b"success"


def hinted_order(authorization: str, body: bytes, key: RSAPublicKey, terminal_sn: str) -> str:
    """The order number of ours to ask about. Raises NotSigned, or Unreadable where it is for nobody here.

    The members stand flat; where they are wrapped like an answer's, the order in it is read.
    """
    verify_notice(authorization, body, key)
    try:
        said: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error
    for member in ("biz_response", "data"):
        said = said.get(member, said) if isinstance(said, dict) else said
    if not isinstance(said, dict) or not isinstance(said.get("client_sn"), str) or not said["client_sn"]:
        raise Unreadable("client_sn")
    if said.get("terminal_sn") != terminal_sn:
        raise NotSigned("for another terminal")
    number: str = said["client_sn"]
    return number
