"""A notice that was kept: what a provider told us by itself, until it has been heeded; and what of a Change ends it.

One that fits nothing waits for a person, with ``how`` as the reason: ``mismatch`` (another amount, currency or account
than the payment of its number), ``contradicted`` (we say not paid, it says paid, and the provider could not be asked),
``unknown`` (an order nobody here knows, and no payment by a printed code that would be certain).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import and_, bindparam, func, select, tuple_

from counterfoil.evidence import SYSTEM
from counterfoil.payments import facts
from counterfoil.payments.faults import NOTICE_DECIDED, NOTICE_UNKNOWN
from counterfoil.payments.notice_bytes import is_hidden
from counterfoil.payments.tables import provider_notice
from counterfoil.providers import Notice
from counterfoil.store import ChangePart, Guard, Row, Store

HEEDED_AT_ONCE_MAX: Final = 100
FOR_A_PERSON_MAX: Final = 100
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Notice)

# The one list over all merchants, like that of payments that are due.
_DUE: Final = (
    select(provider_notice.c.merchant_id, provider_notice.c.id)
    .where(provider_notice.c.due_at.is_not(None), provider_notice.c.due_at <= bindparam("now"))
    .order_by(provider_notice.c.due_at)
    .limit(HEEDED_AT_ONCE_MAX)
)
_BY_ID: Final = select(provider_notice).where(
    provider_notice.c.merchant_id == bindparam("merchant_id"), provider_notice.c.id == bindparam("id")
)
_WITH_A_PERSON: Final = (
    provider_notice.c.merchant_id == bindparam("merchant_id"),
    provider_notice.c.state == "person",
)
_FOR_A_PERSON: Final = (
    select(provider_notice)
    .where(*_WITH_A_PERSON)
    .order_by(provider_notice.c.kept_at, provider_notice.c.id)
    .limit(bindparam("limit"))
)
_BEHIND: Final = _FOR_A_PERSON.where(
    tuple_(provider_notice.c.kept_at, provider_notice.c.id)
    > tuple_(
        bindparam("kept_at", type_=provider_notice.c.kept_at.type), bindparam("id", type_=provider_notice.c.id.type)
    )
)
# So many of one order are ended together with one of them; a provider repeats a notice in the same bytes.
_SIBLINGS_MAX: Final = 16
_ONE: Final = provider_notice.alias("one")
_SIBLINGS: Final = (
    select(provider_notice)
    .join(
        _ONE,
        and_(
            *(_ONE.c[each] == provider_notice.c[each] for each in ("merchant_id", "account_id", "order_no")),
            _ONE.c.id == bindparam("id"),
            _ONE.c.id != provider_notice.c.id,
        ),
    )
    .where(*_WITH_A_PERSON)
    .order_by(provider_notice.c.kept_at, provider_notice.c.id)
    .limit(_SIBLINGS_MAX)
)
_COUNT: Final = select(func.count().label("count")).select_from(provider_notice).where(*_WITH_A_PERSON)


class NoticeState(StrEnum):
    """Where a notice is. A kept one whose payment is not known is parked: it stays kept and is looked at again."""

    KEPT = "kept"
    DONE = "done"
    PERSON = "person"


class KeptNotice(Struct, frozen=True):
    """One notice. ``said`` is what was verified and read of it; ``how`` what came of it, once something did."""

    merchant_id: int
    id: str
    account_id: str
    kept_at: int
    state: NoticeState
    how: str | None
    reason: str | None
    payment_id: str | None
    ended_at: int | None
    due_at: int | None
    tries: int
    said: Notice
    row: Mapping[str, Any]

    @classmethod
    def of(cls, row: Row) -> KeptNotice:
        """Read a row of ``provider_notice``."""
        return cls(
            merchant_id=row["merchant_id"],
            id=row["id"],
            account_id=row["account_id"],
            kept_at=row["kept_at"],
            state=NoticeState(row["state"]),
            how=row["how"],
            reason=row["reason"],
            payment_id=row["payment_id"],
            ended_at=row["ended_at"],
            due_at=row["due_at"],
            tries=row["tries"],
            said=_DECODER.decode(row["said"]),
            row=row,
        )

    @property
    def raw(self) -> str | None:
        """The notice as it arrived, as JSON; None once it was cleared out."""
        raw: str | None = self.row["raw"]
        return raw

    @property
    def hidden(self) -> bool:
        """Whether card data was left out of its bytes, so that they are not those that were signed."""
        return self.raw is not None and is_hidden(self.raw)


def said_text(said: Notice) -> str:
    """A notice as it is kept."""
    return _ENCODER.encode(said).decode()


async def due_notices(store: Store, now: int) -> list[tuple[int, str]]:
    """Merchant and id of the notices somebody must heed now, the longest overdue first, at most 100."""
    return [(row["merchant_id"], row["id"]) for row in await store.fetch(_DUE, {"now": now})]


async def kept_notice(store: Store, merchant_id: int, notice_id: str) -> KeptNotice | None:
    """The notice as it is now, or None."""
    row = await store.fetch_one(_BY_ID, {"merchant_id": merchant_id, "id": notice_id})
    return None if row is None else KeptNotice.of(row)


async def notice_for(store: Store, merchant_id: int, notice_id: str) -> KeptNotice:
    """The notice as it is now. Raises NOTICE_UNKNOWN."""
    kept = await kept_notice(store, merchant_id, notice_id)
    if kept is None:
        raise NOTICE_UNKNOWN()
    return kept


async def notices_for_a_person(
    store: Store, merchant_id: int, *, after: KeptNotice | None = None, limit: int = FOR_A_PERSON_MAX
) -> list[KeptNotice]:
    """Notices that no payment fits and that are no payment by a printed code either, oldest first.

    ``after``: those behind that one.
    """
    asked: dict[str, Any] = {"merchant_id": merchant_id, "limit": limit}
    if after is None:
        return [KeptNotice.of(row) for row in await store.fetch(_FOR_A_PERSON, asked)]
    asked |= {"kept_at": after.kept_at, "id": after.id}
    return [KeptNotice.of(row) for row in await store.fetch(_BEHIND, asked)]


async def count_for_a_person(store: Store, merchant_id: int) -> int:
    """How many notices wait for a person."""
    found = await store.fetch_one(_COUNT, {"merchant_id": merchant_id})
    return int(found["count"]) if found else 0


async def siblings(store: Store, merchant_id: int, notice_id: str) -> list[KeptNotice]:
    """Other notices of its order that wait for a person, at most 16."""
    return [KeptNotice.of(row) for row in await store.fetch(_SIBLINGS, {"merchant_id": merchant_id, "id": notice_id})]


def legal(kept: KeptNotice) -> None:
    """Raise NOTICE_DECIDED unless it waits for a person."""
    if kept.state is not NoticeState.PERSON:
        raise NOTICE_DECIDED()


def ending(
    kept: KeptNotice,
    now: int,
    *,
    how: str,
    payment_id: str | None,
    state: NoticeState = NoticeState.DONE,
    actor: str = SYSTEM,
) -> ChangePart:
    """What ends it, or hands it to a person, guarded by its version."""
    ended = {"state": state.value, "how": how, "payment_id": payment_id, "ended_at": now, "due_at": None}
    fact = facts.NOTICE_ENDED.fact(
        at=now, actor=actor, subject=kept.id, to=state.value, how=how, payment=payment_id, pref=kept.said.order_no
    )
    return ChangePart(guards=(Guard(provider_notice, kept.row, ended),), facts=(fact,))
