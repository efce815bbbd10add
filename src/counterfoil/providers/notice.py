"""What a provider tells us by itself (通知): verified on its raw bytes by the connector, before anything is kept.

A notice never says more than its signature can carry. Where the provider signs so that nobody else can, it may say that
a charge was paid; what is signed weakly is only a hint, and leads to a question under our own signature.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from counterfoil.basis import Money, Secret
from counterfoil.providers.outcome import Approved, number_alone

_TOKEN_LENGTH: Final = 32
_USE: Final = b"notice address\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice of the account it came to. ``order_no`` is ours, or the provider's for a payment by a printed code.

    ``outcome``: that a charge of ``amount`` was paid, said in a signature that only the provider can make; None: a hint
    that something happened, to be asked about.
    """

    order_no: str
    merchant_no: str
    amount: Money | None = None
    outcome: Approved | None = None

    def __post_init__(self) -> None:
        """Hide a card number that stands beside something else in the order number."""
        object.__setattr__(self, "order_no", number_alone(self.order_no))


class NotOursWhy(StrEnum):
    """Why a notice is none of this account."""

    NOT_SIGNED = "not_signed"  # no signature, or one that does not hold on these bytes
    OTHER_MERCHANT = "other_merchant"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A notice that is not kept. ``detail`` is for the log; it holds no personal data."""

    why: NotOursWhy
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NoticeReply:
    """What the provider wants to hear."""

    body: bytes
    media_type: str = "application/json"
    status: int = 200


@runtime_checkable
class ReadsNotices(Protocol):
    """A connector whose provider sends notices."""

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | NotOurs:
        """Verify and read. ``headers`` by lower-case name, ``body`` exactly as it arrived. Never raises."""
        ...

    def notice_reply(self, refused: str | None = None) -> NoticeReply:
        """What is answered to a notice that was kept, or that was ``refused`` with that code of ours."""
        ...


def notice_path(key: Secret[bytes], merchant_id: int, account_id: str) -> str:
    """Where an account's notices arrive; nobody who lacks ``key`` can guess its last part."""
    about = f"{merchant_id}\n{account_id}".encode()
    token = hmac.new(key.reveal(), _USE + about, hashlib.sha256).hexdigest()[:_TOKEN_LENGTH]
    return f"/notices/{merchant_id}/{account_id}/{token}"
