"""A notice (通知) of Shouqianba's, read: only a hint that an order is worth asking about.

Its signature says that Shouqianba wrote it once, not when, nor that it is the newest: it may come twice, late, out of
order or never. So nothing in it but our number is used, and the question that follows decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from counterfoil.providers import Notice, NoticeReply, NotOurs, NotOursWhy
from counterfoil.providers.shouqianba.signing import NotSigned, verify_notice
from counterfoil.providers.shouqianba.wire import Unreadable

ACCEPTED: Final = b"success"
_MEDIA_TYPE: Final = "text/plain"
_FORBIDDEN: Final = 403
_NUMBER_MAX: Final = 64


class OtherTerminal(ValueError):  # noqa: N818 - says what is wrong
    """A notice that Shouqianba signed, for a terminal that is not this account's."""


def read_notice(
    headers: Mapping[str, str], body: bytes, key: RSAPublicKey | None, terminal_sn: str
) -> Notice | NotOurs:
    """The hint, or why there is none. Without a ``key`` no notice is believed."""
    if key is None:
        return NotOurs(NotOursWhy.NOT_SIGNED, "no notice_key")
    try:
        order_no = hinted_order(headers.get("authorization", ""), body, key, terminal_sn)
    except NotSigned as error:
        return NotOurs(NotOursWhy.NOT_SIGNED, str(error))
    except OtherTerminal as error:
        return NotOurs(NotOursWhy.OTHER_MERCHANT, str(error))
    except Unreadable as error:
        return NotOurs(NotOursWhy.UNREADABLE, str(error))
    return Notice(order_no=order_no, merchant_no="")


def reply(refused: str | None) -> NoticeReply:
    """``success``, which ends the sending; or our code with 403, after which the notice comes again."""
    if refused is None:
        return NoticeReply(ACCEPTED, _MEDIA_TYPE)
    return NoticeReply(refused.encode(), _MEDIA_TYPE, _FORBIDDEN)


def hinted_order(authorization: str, body: bytes, key: RSAPublicKey, terminal_sn: str) -> str:
    """The order number of ours to ask about. Raises NotSigned, OtherTerminal or Unreadable.

    The members stand flat; where they are wrapped like an answer's, the order in it is read.
    """
    verify_notice(authorization, body, key)
    try:
        said: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error
    for member in ("biz_response", "data"):
        said = said.get(member, said) if isinstance(said, dict) else said
    number = said.get("client_sn") if isinstance(said, dict) else None
    if not isinstance(number, str) or not 0 < len(number) <= _NUMBER_MAX or not number.isprintable():
        raise Unreadable("client_sn")
    if said.get("terminal_sn") != terminal_sn:
        raise OtherTerminal("for another terminal")
    return number
