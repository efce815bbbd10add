"""收款码: a payment by the code that stands on the shop's counter, learned of from the provider afterwards.

Nobody at the till asked for it, so there is no intent and no call: the record is born captured, out of a notice or a
line of a statement, under the order number the provider gave it. It has no operator and no voucher, and stands at the
terminal on whose counter the code is.

Its time and its days are those at which the customer paid, as the provider says. A time that is said by nobody, lies
in the future or is older than ``PAID_BEFORE_SECONDS_MAX`` counts for nothing: then it is the time at which we were
told, and the fact says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import MICROS, Money
from counterfoil.evidence import SYSTEM
from counterfoil.payments import facts
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import sale_totals
from counterfoil.payments.place import Place, Route
from counterfoil.payments.request import canonical_request, request_sha256, request_text
from counterfoil.payments.search_keys import search_keys
from counterfoil.payments.states import Dispute, MoneyState, Settlement, Visibility
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.payments.take import FIRST_BATCH
from counterfoil.people import Actor
from counterfoil.providers import Approved
from counterfoil.store import ABSENT, Change, Insert, Require

ENTRY: Final = "static_code"
# Providers repeat a notice for some hours; one that comes after a week names its day wrongly rather than late.
PAID_BEFORE_SECONDS_MAX: Final = 7 * 24 * 3600
# So far may the provider's clock be ahead of ours.
CLOCKS_DIFFER_SECONDS: Final = 600
_UNSAID: Final = {column.name: None for column in payment_table.columns if column.nullable}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticCodePaid:
    """What is known of it: ``id`` is ours, ``order_no`` the provider's; the wallet is that of ``wallet_of``'s words.

    ``heard_at``: when the provider told us (UTC microseconds); None: now.
    """

    id: str
    order_no: str
    method: str
    wallet: str
    amount: Money
    heard_at: int | None = None


def static_code_change(
    means: Means, place: Place, route: Route, paid: StaticCodePaid, told: Approved, *, actor: Actor | None = None
) -> Change:
    """The Change that records it; ``told`` is what the provider said of it. A second one of the same id is Repeated.

    ``actor``: the person who says at which shop it was paid; None: that is certain without one.
    """
    now = means.clock.now()
    at, why = paid_time(told, now if paid.heard_at is None else paid.heard_at)
    row = _row(means, place, route, paid, told, at)
    key = {"merchant_id": place.merchant_id, "id": paid.id}
    fact = facts.RECORDED.fact(
        at=now,
        actor=SYSTEM if actor is None else actor.person_id,
        subject=paid.id,
        auth=None if actor is None else actor.auth,
        why=why,
        to=row["money"],
        shop=row["shop_id"],
        term=row["terminal_id"],
        account=row["account_id"],
        provider=row["provider"],
        method=row["method"],
        wallet=row["wallet"],
        entry=row["entry"],
        amount={"cur": row["currency"], "minor": row["amount_minor"]},
        pref=row["order_no"],
        ptn=row["provider_trade_no"],
        day=row["business_day"],
        cday=row["clearing_day"],
        request_sha256=request_sha256(row["request"]),
    )
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=place.merchant_id,
        inserts=(Insert(payment_table, row),),
        # Ids are unique over all acts: no void or refund may have this one.
        requires=(*place.requires(), route.require(), Require(payment_leg, key, ABSENT)),
        facts=(fact,),
        totals=sale_totals(row),
    )


def paid_time(told: Approved, heard_at: int) -> tuple[int, str | None]:
    """When the customer paid, UTC microseconds; and, where that is only when we heard of it, why."""
    said = told.paid_at
    if said is None:
        return heard_at, "paid_at_unsaid"
    if not heard_at - PAID_BEFORE_SECONDS_MAX * MICROS <= said <= heard_at + CLOCKS_DIFFER_SECONDS * MICROS:
        return heard_at, "paid_at_implausible"
    return min(said, heard_at), None


def _row(means: Means, place: Place, route: Route, paid: StaticCodePaid, told: Approved, at: int) -> dict[str, Any]:
    row = {
        **_UNSAID,
        "merchant_id": place.merchant_id,
        "id": paid.id,
        "order_no": paid.order_no,
        "batch_no": FIRST_BATCH,
        "shop_id": place.shop_id,
        "terminal_id": place.terminal_id,
        "account_id": route.account["id"],
        "provider": route.account["provider"],
        "method": paid.method,
        "wallet": paid.wallet,
        "entry": ENTRY,
        "currency": paid.amount.currency,
        "amount_minor": paid.amount.minor,
        "refund_reserved_minor": 0,
        "refunded_minor": 0,
        "business_day": place.business_day(at),
        "clearing_day": route.clearing_day(at),
        "void_until": route.void_until(at),
        "taken_at": at,
        "captured_at": at,
        "money": MoneyState.CAPTURED.value,
        "settlement": Settlement.OPEN.value,
        "visibility": Visibility.VISIBLE.value,
        "dispute": Dispute.NONE.value,
        "request": request_text(canonical_request(ENTRY, paid, means.hmac_key)),
        "asks": 0,
        "not_found_asks": 0,
        **_told(paid, told),
    }
    return row | search_keys(row)


def _told(paid: StaticCodePaid, told: Approved) -> dict[str, Any]:
    discount, fee = told.merchant_discount_minor, told.fee_minor
    return {
        "card_kind": told.card_kind or "unknown",
        "payer_minor": paid.amount.minor if told.payer_minor is None else told.payer_minor,
        "merchant_discount_minor": discount,
        "platform_discount_minor": told.platform_discount_minor,
        "fee_minor": fee,
        "net_minor": None if fee is None else paid.amount.minor - (discount or 0) - fee,
        "provider_trade_no": told.provider_trade_no,
        "wallet_trade_no": told.wallet_trade_no,
        "reference_no": told.reference_no,
    }
