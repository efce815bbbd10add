"""What of a notice fits a payment by a printed code (收款码), and what speaks against taking it for one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import CNY
from counterfoil.payments.means import Means
from counterfoil.payments.notice import KeptNotice
from counterfoil.payments.static_code import StaticCodePaid
from counterfoil.payments.tables import payment
from counterfoil.payments.take import AMOUNT_MINOR_MAX
from counterfoil.providers import Approved

# What our own order numbers look like; a printed code's are the provider's.
_OUR_DIGITS: Final = 24
_OF_MERCHANT: Final = select(payment.c.id).where(payment.c.merchant_id == bindparam("merchant_id"))
_BY_TRADE: Final = _OF_MERCHANT.where(payment.c.provider_trade_no == bindparam("number"))
_BY_ORDER: Final = _OF_MERCHANT.where(payment.c.order_no == bindparam("number"))


def printed_code_paid(kept: KeptNotice) -> tuple[StaticCodePaid, Approved] | None:
    """The payment it would be, with what the provider said of it; None where it says too little to be one.

    The record has the notice's id, so that there is never a second one of the same notice.
    """
    said, paid = kept.said, kept.said.outcome
    if paid is None or paid.wallet is None or said.amount is None or said.amount.currency != CNY:
        return None
    if not 0 < said.amount.minor <= AMOUNT_MINOR_MAX:
        return None
    born = StaticCodePaid(
        id=kept.id,
        order_no=said.order_no,
        method="qr",
        wallet=paid.wallet,
        amount=said.amount,
        heard_at=kept.kept_at,
    )
    return born, paid


def looks_like_ours(order_no: str) -> bool:
    """Whether the number is of the shape that we give to payments we ask for."""
    return len(order_no) == _OUR_DIGITS and order_no.isascii() and order_no.isdigit()


async def trade_known(means: Means, kept: KeptNotice) -> str | None:
    """The payment that has the notice's trade number or order number already: the same money, then. None: nobody."""
    trade_no = None if kept.said.outcome is None else kept.said.outcome.provider_trade_no
    for query, number in ((_BY_ORDER, kept.said.order_no), (_BY_TRADE, trade_no)):
        if number is None:
            continue
        found = await means.store.fetch_one(query, {"merchant_id": kept.merchant_id, "number": number})
        if found is not None:
            return str(found["id"])
    return None
