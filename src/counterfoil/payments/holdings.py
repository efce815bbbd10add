"""What this area holds of people, what of it may be erased, what must stay, and why."""

from __future__ import annotations

from typing import Final

from counterfoil.payments import tables
from counterfoil.people import Holding

HOLDINGS: Final = (
    Holding(
        tables.provider_notice,
        ("raw", "raw_salt"),
        erasable=True,
        why="as it arrived, so it may name a wallet's user; cleared 90 days after the notice ended, by the worker",
    ),
    Holding(
        tables.provider_notice,
        ("id", "account_id", "order_no", "body_sha256", "said", "raw_commitment", "kept_at"),
        erasable=False,
        why="that a provider said this, when and of which order must stay answerable; numbers and amounts name nobody",
    ),
    Holding(
        tables.provider_notice,
        ("state", "how", "reason", "payment_id", "ended_at"),
        erasable=False,
        why="what came of it, and why a person put it aside, must stay answerable as long as the payment",
    ),
    Holding(
        tables.payment_leg,
        ("reason_text", "reason_text_salt"),
        erasable=True,
        why="written freely, so it may name somebody; may go once the retention of the record is over",
    ),
    Holding(
        tables.payment_leg,
        ("reason", "reason_text_commitment", "actor_id", "approver_id"),
        erasable=False,
        why="who gave money back and why must stay answerable; an id names nobody once the person is erased",
    ),
    Holding(
        tables.payment_resolution,
        ("sealed",),
        erasable=True,
        why="copied from the provider's statement, so it may name a wallet's user; kept sealed, and may go once the "
        "retention of the record is over",
    ),
    Holding(
        tables.payment_resolution,
        (
            *("id", "payment_id", "leg_id", "finding", "statement_sha256", "actor_id", "approver_id"),
            "resolved_at",
        ),
        erasable=False,
        why="who decided by which line what became of the money must stay answerable as long as the payment",
    ),
    Holding(
        tables.payment,
        ("last_four", "wallet_trade_no", "provider_trade_no", "operator_id"),
        erasable=False,
        why="what a refund, a statement and a complaint are matched by, as long as the record is kept",
    ),
)
