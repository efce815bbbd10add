"""A notice that was kept: what a provider told us by itself, until it has been heeded."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from counterfoil.payments.tables import provider_notice
from counterfoil.providers import Notice
from counterfoil.store import Row, Store

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
_FOR_A_PERSON: Final = (
    select(provider_notice)
    .where(provider_notice.c.merchant_id == bindparam("merchant_id"), provider_notice.c.state == "person")
    .order_by(provider_notice.c.kept_at)
    .limit(FOR_A_PERSON_MAX)
)


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
    payment_id: str | None
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
            payment_id=row["payment_id"],
            due_at=row["due_at"],
            tries=row["tries"],
            said=_DECODER.decode(row["said"]),
            row=row,
        )


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


async def notices_for_a_person(store: Store, merchant_id: int) -> list[KeptNotice]:
    """Notices that no payment fits and that are no payment by a printed code either, oldest first, at most 100."""
    return [KeptNotice.of(row) for row in await store.fetch(_FOR_A_PERSON, {"merchant_id": merchant_id})]
