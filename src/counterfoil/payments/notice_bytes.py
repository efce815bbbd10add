"""The bytes of a notice as they may be kept: no card number, no track, no CVV, no PIN block (PCI DSS 3.3.1, 3.5.1).

A notice that says none of them is kept byte for byte, with its signature. Of one that does, what was hidden could be
tried out from an open digest of the whole, or from the signature, since all the rest is known and a card number has few
unknown digits. So neither is kept: a keyed digest stands for the bytes as they came (PCI DSS 3.5.1.1).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import Secret, encode, without_cards
from counterfoil.providers import Notice

_HIDDEN: Final = '"***"'
_USE: Final = b"notice\n"
# Where the signature stands, of which the kept bytes are a proof only together with it.
_SIGNATURE: Final = "authorization"
# A text of JSON, with the colon where it is a name; or a number.
_TOKEN: Final = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|-?[0-9][0-9.eE+-]*', re.ASCII | re.DOTALL)
# Members that hold what proves a card, whatever is written in them.
_PROOFS: Final = re.compile(
    r"(c[av]v2?|cvc2?|cvn2?|pin|pinblock|pindata|track[123]?(data)?|magdata|icc?data|emvdata|(field|de|f)55)"
)
# The signature itself, in whose hex a row of digits says nothing.
_WORD: Final = re.compile(r"[0-9A-Za-z+/]{128,}", re.ASCII)
_PLAIN: Final = str.maketrans("", "", "_- ")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBytes:
    """What is kept of one. ``id_digest``: what its id follows from. ``hidden``: something was left out of ``body``."""

    body: bytes
    signature: str
    id_digest: bytes
    true_hmac: str | None

    @property
    def hidden(self) -> bool:
        """Whether the kept bytes are others than those that came."""
        return self.true_hmac is not None

    @property
    def sha256(self) -> str:
        """Of the kept bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def text(self) -> str:
        """All of it as canonical JSON, the bytes in base64, since they may be any."""
        said = {_SIGNATURE: self.signature, "body": base64.b64encode(self.body).decode()}
        return encode(said if self.true_hmac is None else said | {"hmac_sha256": self.true_hmac}).decode()


@dataclass(frozen=True, slots=True)
class _Member:
    """One of an object, of which the same name may stand there twice."""

    name: str
    value: Any


def notice_bytes(
    account_id: str, headers: Mapping[str, str], body: bytes, said: Notice, key: Secret[bytes]
) -> NoticeBytes:
    """What to keep of a verified notice. The numbers of orders and trades that were read of it are never hidden.

    The same bytes at the same account give the same ``id_digest``, whatever is in them.
    """
    about, kept = account_id.encode() + b"\n" + body, _without_card_data(body, _numbers(said))
    if kept == body:
        signature = _without_cards_beside(headers.get(_SIGNATURE, ""))
        return NoticeBytes(body=body, signature=signature, id_digest=hashlib.sha256(about).digest(), true_hmac=None)
    digest = hmac.new(key.reveal(), _USE + about, "sha256")
    return NoticeBytes(body=kept, signature="", id_digest=digest.digest(), true_hmac=digest.hexdigest())


def is_hidden(raw: str) -> bool:
    """Whether ``text`` of a kept notice says that something was left out."""
    return "hmac_sha256" in json.loads(raw)


def _numbers(said: Notice) -> frozenset[str]:
    """A provider's number is of sixteen digits too here and there, and one in ten of those reads as a card's."""
    paid = said.outcome
    known = (said.order_no, paid and paid.provider_trade_no, paid and paid.wallet_trade_no)
    return frozenset(number for number in known if number)


def _without_cards_beside(signature: str) -> str:
    """The header with what anybody may have written beside the signature masked."""
    said, upto = [], 0
    for word in _WORD.finditer(signature):
        said += [without_cards(signature[upto : word.start()]), word[0]]
        upto = word.end()
    return "".join((*said, without_cards(signature[upto:])))


def _without_card_data(body: bytes, numbers: Collection[str]) -> bytes:
    """The body, still JSON where it was; nothing of it where something is written so that it cannot be cut out."""
    kept = _masked(body.decode("latin-1"), numbers).encode("latin-1")
    return b"" if _says_some(kept, numbers) else kept


def _masked(text: str, numbers: Collection[str]) -> str:
    name = ""

    def each(found: re.Match[str]) -> str:
        nonlocal name
        before, name = name, ""
        if found[2] is not None:
            name = found[1].strip('"')
            return without_cards(found[0], numbers)
        if _is_proof(before, found[0].strip('"')):
            return _HIDDEN
        masked = without_cards(found[0], numbers)
        return _HIDDEN if found[1] is None and masked != found[0] else masked

    return without_cards(_TOKEN.sub(each, text), numbers)


def _says_some(kept: bytes, numbers: Collection[str]) -> bool:
    """Whether a reader of the JSON would still find some: written with escapes, or in another encoding."""
    try:
        waiting = [json.loads(kept, object_pairs_hook=_members)]
    except (ValueError, RecursionError):
        return False
    while waiting:
        match waiting.pop():
            case _Member(name=name, value=value):
                if isinstance(value, str) and _is_proof(name, value):
                    return True
                waiting += [name, value]
            case list() as inner:
                waiting += inner
            case str() | int() | float() as said:
                text = f"{said:.0f}" if isinstance(said, float) else str(said)
                if without_cards(text, numbers) != text:
                    return True
    return False


def _members(pairs: Sequence[tuple[str, Any]]) -> list[_Member]:
    return [_Member(*pair) for pair in pairs]


def _is_proof(name: str, value: str) -> bool:
    return value not in {"", "***"} and bool(_PROOFS.fullmatch(name.lower().translate(_PLAIN)))
