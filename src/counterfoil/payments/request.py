"""The request as it is kept, and the answer to a repeat of it.

The root row keeps the canonical request. A secret in it (a payment code) is kept only as HMAC-SHA256 under the
installation's key, enough to tell the same code from another one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from counterfoil.basis import JSON, Money, Secret, decode, encode, insist
from counterfoil.payments.faults import ID_REUSED, PAYMENT_NOT_FOUND
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment, RefundAsk, VoidAsk
from counterfoil.payments.reading import leg_row, load
from counterfoil.payments.sight import in_sight
from counterfoil.people import Actor, Permission

# A person's own words can be erased from their own column, so they stand nowhere else.
_PERSONAL: Final = frozenset({"reason_text"})
# Which act each of these asks for.
_ACTS: Final[Mapping[type, str]] = MappingProxyType({VoidAsk: "void", RefundAsk: "refund"})
# How long a caller stays on the line is no part of what it asks for, nor is when we heard of what was paid.
_NOT_KEPT: Final = frozenset({"wait_seconds", "heard_at"})


def canonical_request(act: str, ask: Any, key: Secret[bytes]) -> dict[str, JSON]:
    """What is kept of ``ask`` (one of the Ask records), in the order of its fields, without what was not given."""
    kept: dict[str, JSON] = {"act": act}
    asked: type = type(ask)
    for name in _names(asked):
        value = getattr(ask, name)
        if value is not None:
            kept |= _kept(name, value, key)
    return kept


@lru_cache(maxsize=16)
def _names(asked: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(asked) if field.name not in _NOT_KEPT)


def request_text(kept: Mapping[str, JSON]) -> str:
    """The canonical text of a request."""
    return encode(kept).decode()


def request_sha256(text: str) -> str:
    """The digest a fact carries of the request."""
    return hashlib.sha256(text.encode()).hexdigest()


def asked_sha256(ask: Any, key: Secret[bytes]) -> str:
    """The digest of a void or refund before it is asked for: what a supervisor allows, and what its fact carries."""
    return request_sha256(request_text(canonical_request(_ACTS[type(ask)], ask, key)))


async def answered_before(
    means: Means, actor: Actor, asked: Mapping[str, JSON], permission: Permission
) -> Payment | None:
    """The payment as it is now, if this very request was made before; None if its id is new.

    Raises ID_REUSED where the id stands for other content, naming the first field that differs; only the id where it is
    content of a shop out of the actor's sight. PAYMENT_NOT_FOUND where that is the payment they name.
    """
    merchant_id = actor.merchant_id
    row_id = asked["id"]
    insist(isinstance(row_id, str), "a request has an id")
    found = await load(means.store, merchant_id, str(row_id))
    kept = found.row if found is not None else await leg_row(means.store, merchant_id, str(row_id))
    if kept is None:
        return None
    found = found or await load(means.store, merchant_id, kept["payment_id"])
    insist(found is not None, "a leg has its payment")
    if found is not None and not in_sight(actor, found, permission):
        if asked.get("payment_id") == found.id:
            raise PAYMENT_NOT_FOUND(field="payment_id")
        raise ID_REUSED(field="id", differs="id")
    same_or_refuse(kept["request"], asked)
    return found


def same_or_refuse(kept_text: str, asked: Mapping[str, JSON]) -> None:
    """Raise ID_REUSED naming the first field in which the kept request and the new one differ."""
    kept = decode(kept_text.encode())
    insist(isinstance(kept, Mapping), "a kept request is an object")
    before: Mapping[str, JSON] = kept if isinstance(kept, Mapping) else {}
    names = [*asked, *(name for name in before if name not in asked)]
    for name in names:
        if asked.get(name) != before.get(name):
            shown = name.removesuffix("_hmac")
            raise ID_REUSED(field=shown, differs=shown)


def _kept(name: str, value: object, key: Secret[bytes]) -> dict[str, JSON]:
    match value:
        case Money():
            return {f"{name}_minor": value.minor, "currency": value.currency}
        case Secret():
            return {f"{name}_hmac": _hmac(value.reveal(), key)}
        case str() if name in _PERSONAL:
            return {f"{name}_hmac": _hmac(value, key)}
        case str():
            return {name: value}
    raise TypeError(f"{name}: no kept form of {type(value).__name__}")


def _hmac(text: str, key: Secret[bytes]) -> str:
    # One object and no hmac.digest: that lets the interpreter go, and waits for it again, for so few bytes.
    return hmac.new(key.reveal(), text.encode(), "sha256").hexdigest()
