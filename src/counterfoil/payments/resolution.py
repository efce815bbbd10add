"""What a person found on the provider's statement, of a payment that no answer resolved; and where it is kept.

The line itself may name somebody: it is kept sealed, and the evidence holds its digest, made with a salt that is sealed
with it. One line settles one thing: the row's id follows from the account, the number and the finding.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from counterfoil.basis import MICROS, Money, NotOpened, Secret, Vault, encode, uuid_text
from counterfoil.payments.payment import Payment
from counterfoil.payments.resolution_faults import STATEMENT_INCOMPLETE
from counterfoil.payments.tables import payment_resolution
from counterfoil.people import without_card
from counterfoil.store import Change, Guard, Row, Store

NUMBER_MAX: Final = 64
LINE_MAX: Final = 500
_SALT_HEX: Final = 32
_USE: Final = b"statement\n"
_ID_BYTES: Final = 16


class Finding(StrEnum):
    """What the statement says. Of a charge: it came and stays, none came, it was given back; then of void and refund.

    The value stands in facts and is never given another sense.
    """

    KEPT = "kept"
    NONE_CAME = "none_came"
    GIVEN_BACK = "given_back"
    VOIDED = "voided"
    NOT_VOIDED = "not_voided"
    REFUNDED = "refunded"
    NOT_REFUNDED = "not_refunded"


class Statement(Struct, frozen=True, kw_only=True):
    """One line of the provider's statement: its number there, its date (``YYYY-MM-DD``), amount, and text.

    ``salt`` (32 hex digits) makes the digest one that nobody finds the line by.
    """

    number: str
    day: str
    minor: int
    currency: str
    line: str
    salt: str

    @property
    def amount(self) -> Money:
        """What the line says was paid, or given back."""
        return Money(self.minor, self.currency)

    def canonical(self) -> bytes:
        """All of it as canonical JSON (RFC 8785)."""
        return encode(msgspec.to_builtins(self))

    def sha256(self) -> str:
        """The digest of ``canonical``, in hex."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def begins(self, zone: str) -> int:
        """When its date begins in ``zone``, in UTC microseconds."""
        return int(datetime.combine(date.fromisoformat(self.day), time(), ZoneInfo(zone)).timestamp()) * MICROS


class ResolveAsk(Struct, frozen=True, kw_only=True):
    """What ``resolve_manually`` is asked: the payment, or a void or refund of it, and what the statement says of it."""

    payment_id: str
    leg_id: str | None = None
    finding: Finding
    statement: Statement


class Resolution(Struct, frozen=True, kw_only=True):
    """A finding as it was recorded. ``statement`` is None where what was sealed cannot be opened, or was erased."""

    id: str
    payment_id: str
    leg_id: str | None
    finding: Finding
    statement_sha256: str
    actor_id: str
    approver_id: str | None
    resolved_at: int
    statement: Statement | None

    @property
    def holds(self) -> bool:
        """Whether the kept line is the one whose digest stands in the evidence."""
        return self.statement is not None and self.statement.sha256() == self.statement_sha256


_OF_PAYMENT: Final = (
    select(payment_resolution)
    .where(
        payment_resolution.c.merchant_id == bindparam("merchant_id"),
        payment_resolution.c.payment_id == bindparam("payment_id"),
    )
    .order_by(payment_resolution.c.resolved_at, payment_resolution.c.id)
)
_IDS: Final = tuple(f"id_{nth}" for nth in range(len(Finding)))
_OF_NUMBER: Final = select(payment_resolution).where(
    payment_resolution.c.merchant_id == bindparam("merchant_id"),
    payment_resolution.c.id.in_([bindparam(name) for name in _IDS]),
)


def statement_of(*, number: str, day: str, amount: Money, line: str, salt: str, known: Iterable[str] = ()) -> Statement:
    """The line as it is kept: spaces around and between words count once.

    ``known``: the payment's own numbers, which read as a card's here and there and are none.

    Raises Refused CF-3170 where anything is missing or too long, CF-2190 for a card number in it.
    """
    number, line = number.strip(), " ".join(line.split())
    if not number or len(number) > NUMBER_MAX or not number.isprintable():
        raise STATEMENT_INCOMPLETE(field="number", number_most=NUMBER_MAX, line_most=LINE_MAX)
    if not line or len(line) > LINE_MAX or not line.isprintable():
        raise STATEMENT_INCOMPLETE(field="line", number_most=NUMBER_MAX, line_most=LINE_MAX)
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise STATEMENT_INCOMPLETE(field="day", number_most=NUMBER_MAX, line_most=LINE_MAX) from None
    if len(salt) != _SALT_HEX:
        raise STATEMENT_INCOMPLETE(field="line", number_most=NUMBER_MAX, line_most=LINE_MAX)
    for name, text in (("number", number), ("line", line)):
        without_card(_but(text, known), name)
    return Statement(number=number, day=day, minor=amount.minor, currency=amount.currency, line=line, salt=salt)


def numbers_of(payment: Payment) -> frozenset[str]:
    """The payment's own numbers, its legs' among them."""
    found = {payment.order_no, payment.provider_trade_no, payment.wallet_trade_no, payment.reference_no}
    for leg in payment.legs:
        found |= {leg.order_no, leg.provider_trade_no, leg.wallet_trade_no}
    return frozenset(number for number in found if number)


def _but(text: str, known: Iterable[str]) -> str:
    """The text with a sign in the place of each of those numbers, where it stands whole."""
    for number in known:
        text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", "·", text)
    return text


def resolution_id(key: Secret[bytes], account_id: str, number: str, finding: Finding) -> str:
    """The id under which that line is kept for that finding; whoever lacks the key cannot tell the number from it."""
    said = encode({"account": account_id, "number": number, "finding": finding.value})
    raw = bytearray(hmac.digest(key.reveal(), _USE + said, "sha256")[:_ID_BYTES])
    raw[6], raw[8] = (raw[6] & 0x0F) | 0x80, (raw[8] & 0x3F) | 0x80
    return uuid_text(raw)


async def rows_of_number(
    store: Store, merchant_id: int, key: Secret[bytes], account_id: str, number: str
) -> Sequence[Row]:
    """What stands under that number of the account's statements, whatever was found."""
    ids = {name: resolution_id(key, account_id, number, one) for name, one in zip(_IDS, Finding, strict=True)}
    return await store.fetch(_OF_NUMBER, {"merchant_id": merchant_id, **ids})


async def resolutions_of(store: Store, vault: Vault, merchant_id: int, payment_id: str) -> list[Resolution]:
    """What persons found of a payment, oldest first, with the lines."""
    rows = await store.fetch(_OF_PAYMENT, {"merchant_id": merchant_id, "payment_id": payment_id})
    return [_as_resolution(vault, row) for row in rows]


def sealed(vault: Vault, merchant_id: int, row_id: str, statement: Statement) -> bytes:
    """The line sealed for its row."""
    return vault.seal(statement.canonical(), place=_place(merchant_id, row_id))


def resolution_resealing(vault: Vault, row: Row, /, *, change_id: str, at: int) -> Change | None:
    """The Change that seals it anew; None where the newest key sealed it, or nothing is sealed.

    What is sealed is no evidence (its digest is), so ``at`` stands in no fact. Raises NotOpened.
    """
    del at
    if row["sealed"] is None or vault.is_newest(bytes(row["sealed"])):
        return None
    place = _place(row["merchant_id"], row["id"])
    plain = vault.open(bytes(row["sealed"]), place=place)
    guard = Guard(payment_resolution, row, {"sealed": vault.seal(plain, place=place)})
    return Change(change_id=change_id, merchant_id=row["merchant_id"], guards=(guard,))


def _as_resolution(vault: Vault, row: Row) -> Resolution:
    names = ("id", "payment_id", "leg_id", "statement_sha256", "actor_id", "approver_id", "resolved_at")
    values: dict[str, Any] = {name: row[name] for name in names}
    return Resolution(**values, finding=Finding(row["finding"]), statement=_opened(vault, row))


def _opened(vault: Vault, row: Row) -> Statement | None:
    if row["sealed"] is None:
        return None
    try:
        plain = vault.open(bytes(row["sealed"]), place=_place(row["merchant_id"], row["id"]))
    except NotOpened:
        return None
    return msgspec.json.decode(plain, type=Statement)


def _place(merchant_id: int, row_id: str) -> str:
    """Where what is sealed belongs, so that it opens nowhere else."""
    return f"payment_resolution|sealed|{merchant_id}|{row_id}"
