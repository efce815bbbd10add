"""Keep a provider's notice: verified by its connector, written, and only then answered.

The same notice again (providers repeat theirs until they hear us) is one row: its id follows from account and bytes.
What is done about it follows from what was read of it, never from the bytes that are kept.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.basis import JSON, uuid_text
from counterfoil.evidence import committed
from counterfoil.payments import facts
from counterfoil.payments.means import Means
from counterfoil.payments.notice import NoticeState, said_text
from counterfoil.payments.notice_bytes import NoticeBytes, notice_bytes
from counterfoil.payments.tables import provider_notice
from counterfoil.providers import Notice, NoticeReply, NotOurs, ReadsNotices, account_by_id, notice_fault
from counterfoil.store import Change, Insert, Repeated, Row

_UUID_BYTES: Final = 16


async def keep_notice(
    means: Means, merchant_id: int, account_id: str, headers: Mapping[str, str], body: bytes
) -> tuple[NoticeReply, NotOurs | None] | None:
    """What to answer, and why the notice was not kept where it was not. None: no such account, or one without notices.

    ``headers`` by lower-case name, ``body`` exactly as it arrived. An account that takes no payments any more still
    hears of those it took.
    """
    account = await account_by_id(means.store, merchant_id, account_id)
    if account is None:
        return None
    connector = means.accounts.connector(account)
    if not isinstance(connector, ReadsNotices):
        return None
    said = connector.read_notice(headers, body)
    if isinstance(said, NotOurs):
        return connector.notice_reply(notice_fault(said.why).code), said
    kept = notice_bytes(account_id, headers, body, said, means.hmac_key)
    with contextlib.suppress(Repeated):
        await means.store.commit(_keeping(means, account, said, kept))
    return connector.notice_reply(), None


def _keeping(means: Means, account: Row, said: Notice, kept: NoticeBytes) -> Change:
    now = means.clock.now()
    row: dict[str, Any] = {
        "merchant_id": account["merchant_id"],
        "id": _id(kept.id_digest),
        "account_id": account["id"],
        "order_no": said.order_no,
        "body_sha256": kept.sha256,
        "said": said_text(said),
        **committed("raw", kept.text, means.entropy.bytes(16)),
        "kept_at": now,
        "state": NoticeState.KEPT.value,
        "how": None,
        "reason": None,
        "payment_id": None,
        "ended_at": None,
        "due_at": now,
        "tries": 0,
    }
    amount: JSON = None if said.amount is None else {"cur": said.amount.currency, "minor": said.amount.minor}
    fact = facts.NOTICE_KEPT.fact(
        at=now,
        subject=row["id"],
        account=account["id"],
        provider=account["provider"],
        pref=said.order_no,
        amount=amount,
        sha256=kept.sha256,
        hidden=True if kept.hidden else None,
    )
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=account["merchant_id"],
        inserts=(Insert(provider_notice, row),),
        facts=(fact,),
    )


def _id(digest: bytes) -> str:
    """A UUIDv8 (RFC 9562 5.8) of account and bytes."""
    raw = bytearray(digest[:_UUID_BYTES])
    raw[6] = (raw[6] & 0x0F) | 0x80
    raw[8] = (raw[8] & 0x3F) | 0x80
    return uuid_text(raw)
