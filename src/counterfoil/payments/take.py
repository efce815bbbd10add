"""收款: take a payment."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from counterfoil.basis import CNY, JSON, Money, Refused
from counterfoil.evidence import FactKind
from counterfoil.payments import facts
from counterfoil.payments.as_committed import as_committed
from counterfoil.payments.decision import lease
from counterfoil.payments.drive import First, drive, key_of, turn_of
from counterfoil.payments.faults import (
    AMOUNT_OUT_OF_RANGE,
    CURRENCY_NOT_TAKEN,
    METHOD_NOT_OFFERED,
    NOT_A_PAYMENT_CODE,
    ROUNDING_NOT_ALLOWED,
    TENDERED_TOO_LITTLE,
    TEXT_NOT_TAKEN,
    TOO_MANY_AT_ONCE,
    WALLET_NOT_NAMED,
)
from counterfoil.payments.intent import commit_intent
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import sale_totals
from counterfoil.payments.payment import AT_CARD_TERMINAL, SHOWN_CODE, Payment, TakeAsk
from counterfoil.payments.place import Place, Route, place_of, routes_for, usable
from counterfoil.payments.request import answered_before, canonical_request, request_sha256, request_text
from counterfoil.payments.rounding import rounded_down
from counterfoil.payments.search_keys import search_keys
from counterfoil.payments.settle import settled
from counterfoil.payments.states import Dispute, MoneyState, Settlement, Visibility
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.people import Actor, Permission, demand, demand_somewhere
from counterfoil.providers import wallet_of
from counterfoil.store import ABSENT, Add, Change, Draw, Drawn, Fact, Insert, Require

AMOUNT_MINOR_MAX: Final = 1_000_000_000
REF_LENGTH_MAX: Final = 64
FIRST_BATCH: Final = 1
_TRIES: Final = 3
_UNSAID: Final = {column.name: None for column in payment_table.columns if column.nullable}


class _Intent(Struct, frozen=True):
    """All that was decided before anything is written."""

    actor: Actor
    ask: TakeAsk
    asked: dict[str, JSON]
    place: Place
    route: Route
    wallet: str
    now: int
    others: tuple[Route, ...] = ()


async def take(means: Means, actor: Actor, ask: TakeAsk) -> Payment:
    """Take a payment and answer with it as it is after at most ``ask.wait_seconds``.

    Raises Refused for what the caller can mend (CF-31xx), Trouble where the store is too busy. Once an intent is
    committed it never raises for what the provider does: the payment says what is known.
    """
    # 1 may this person do it, here
    demand_somewhere(actor, Permission.TAKE)
    wallet = _checked(ask)
    asked = canonical_request("take", ask, means.hmac_key)
    for tried in range(1 + _TRIES):
        # 2 was this id seen before: the commit knows, and it is looked for before anything else is said
        if tried:
            means.known.forget(actor.merchant_id)
            if (seen := await answered_before(means, actor, asked, Permission.TAKE)) is not None:
                return replace(await settled(means, seen, ask.wait_seconds), repeated=True)
        # 3 load, 4 is the move legal
        try:
            intent = await _intent(means, actor, ask, asked, wallet)
        except Refused:
            if tried:
                raise
            continue
        # 5 commit intent and fact
        change = _change(means, intent)
        committed = await commit_intent(means, change)
        if committed is None:
            continue
        payment = as_committed(None, change, committed)
        # 6 call the provider with nothing locked, 7 commit the outcome: the drive does both
        if payment.in_flight:
            means.drives.start(key_of(payment), _driven(means, payment, intent))
        # 8 answer
        return await settled(means, payment, ask.wait_seconds)
    raise TOO_MANY_AT_ONCE()


async def _intent(means: Means, actor: Actor, ask: TakeAsk, asked: dict[str, JSON], wallet: str) -> _Intent:
    """What is decided before anything is written, by what this process knows. Raises the refusals of ``take``."""
    place = await place_of(means, actor.merchant_id, ask.terminal_id, ask.shop_id)
    demand(actor, Permission.TAKE, place.shop_id)
    _check_rounding(ask, place)
    # A new payment goes through an account that is active; where none can be called, nothing is begun.
    routes = await routes_for(means, actor.merchant_id, ask.method, ask.entry, wallet, place)
    route, *others = usable(means, routes)
    return _Intent(actor, ask, asked, place, route, wallet, means.clock.now(), tuple(others))


def _driven(means: Means, payment: Payment, intent: _Intent) -> Coroutine[Any, Any, Payment]:
    return drive(means, payment, First(intent.ask.auth_code, others=intent.others), intent.route)


def take_change(means: Means, actor: Actor, ask: TakeAsk, place: Place, route: Route) -> Change:
    """The Change that ``take`` commits first, out of what it would have read."""
    asked = canonical_request("take", ask, means.hmac_key)
    return _change(means, _Intent(actor, ask, asked, place, route, _checked(ask), means.clock.now()))


def _checked(ask: TakeAsk) -> str:
    """Refuse what no provider could take; answer with the wallet the payment is with, as far as it shows."""
    if ask.amount.currency != CNY:
        raise CURRENCY_NOT_TAKEN(field="currency", currency=CNY)
    if not 0 < ask.amount.minor <= AMOUNT_MINOR_MAX:
        raise AMOUNT_OUT_OF_RANGE(field="amount_minor", most=Money(AMOUNT_MINOR_MAX))
    for name in ("bill_ref", "invoice_ref"):
        _check_ref(name, getattr(ask, name))
    _check_tendered(ask)
    if ask.method == "cash":
        return _checked_cash(ask)
    if ask.method == "card":
        return _checked_card(ask)
    if ask.entry == SHOWN_CODE:
        return _checked_wallet(ask)
    if ask.entry != "consumer_code":
        raise METHOD_NOT_OFFERED(field="entry")
    if ask.wallet is not None:
        raise METHOD_NOT_OFFERED(field="wallet")
    wallet = wallet_of(ask.auth_code.reveal()) if ask.auth_code is not None else None
    if wallet is None:
        raise NOT_A_PAYMENT_CODE(field="auth_code")
    return wallet


def _check_tendered(ask: TakeAsk) -> None:
    """Notes and rounding belong to cash, and the notes are enough."""
    for name in ("tendered", "rounding"):
        if ask.method != "cash" and getattr(ask, name) is not None:
            raise METHOD_NOT_OFFERED(field=f"{name}_minor")
    if ask.tendered is not None and ask.tendered < ask.amount:
        raise TENDERED_TOO_LITTLE(field="tendered_minor", amount=ask.amount)


def _check_rounding(ask: TakeAsk, place: Place) -> None:
    """What was waived is what the shop waives of that amount due, and nothing else."""
    if ask.rounding is None or not ask.rounding.minor:
        return
    if ask.rounding.minor < 0 or rounded_down(ask.amount + ask.rounding, place.rounding) != ask.amount:
        raise ROUNDING_NOT_ALLOWED(field="rounding_minor")


def _checked_cash(ask: TakeAsk) -> str:
    if ask.entry != "keyed" or ask.auth_code is not None or ask.wallet is not None:
        raise METHOD_NOT_OFFERED(field="entry")
    return "cash"


def _checked_card(ask: TakeAsk) -> str:
    """A card is taken at the provider's own terminal: no number of it ever comes here."""
    if ask.entry != AT_CARD_TERMINAL or ask.auth_code is not None or ask.wallet is not None:
        raise METHOD_NOT_OFFERED(field="entry")
    return "bank_card"


def _checked_wallet(ask: TakeAsk) -> str:
    """The wallet a code is to be shown for; whether there is one for it, the route says."""
    if ask.method != "qr" or ask.auth_code is not None:
        raise METHOD_NOT_OFFERED(field="entry")
    if not ask.wallet:
        raise WALLET_NOT_NAMED(field="wallet")
    return ask.wallet


def _check_ref(name: str, value: str | None) -> None:
    if value is None:
        return
    if not value or len(value) > REF_LENGTH_MAX:
        raise TEXT_NOT_TAKEN(field=name, why=f"1–{REF_LENGTH_MAX}")
    if not value.isprintable():
        raise TEXT_NOT_TAKEN(field=name, why="U+0000–U+001F")


def _change(means: Means, intent: _Intent) -> Change:
    row = _row(means, intent)
    row |= search_keys(row)
    written = row
    kinds: tuple[FactKind, ...] = (facts.SENT,)
    totals: tuple[Add, ...] = ()
    if intent.route.manifest.instant:
        written = row | _captured(intent)
        kinds = (facts.SENT, facts.CAPTURED)
        totals = sale_totals(written)
    merchant_id = intent.actor.merchant_id
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=merchant_id,
        inserts=(Insert(payment_table, written),),
        requires=(
            *intent.place.requires(),
            intent.route.require(),
            # Ids are unique over all acts: no void or refund may have this one.
            Require(payment_leg, {"merchant_id": merchant_id, "id": intent.ask.id}, ABSENT),
        ),
        draws=(Draw("voucher", f"voucher:{intent.place.terminal_id}"),),
        facts=tuple(_fact(kind, intent, row) for kind in kinds),
        totals=totals,
    )


def _row(means: Means, intent: _Intent) -> dict[str, Any]:
    ask, place, route, now = intent.ask, intent.place, intent.route, intent.now
    turn = turn_of(means, route)
    return {
        **_UNSAID,
        "merchant_id": intent.actor.merchant_id,
        "id": ask.id,
        "order_no": place.order_no(now, means.ids),
        "voucher_no": Drawn("voucher"),
        "batch_no": FIRST_BATCH,
        "shop_id": place.shop_id,
        "terminal_id": place.terminal_id,
        "operator_id": intent.actor.person_id,
        "account_id": route.account["id"],
        "provider": route.account["provider"],
        "method": ask.method,
        "wallet": intent.wallet,
        "card_kind": "unknown",
        "entry": ask.entry,
        "currency": ask.amount.currency,
        "amount_minor": ask.amount.minor,
        "routed": route.routed.text() if route.routed else None,
        "refund_reserved_minor": 0,
        "refunded_minor": 0,
        "bill_ref": ask.bill_ref,
        "invoice_ref": ask.invoice_ref,
        "business_day": place.business_day(now),
        "clearing_day": route.clearing_day(now),
        "void_until": route.void_until(now),
        "taken_at": now,
        "money": MoneyState.SENT.value,
        "settlement": Settlement.OPEN.value,
        "visibility": Visibility.VISIBLE.value,
        "dispute": Dispute.NONE.value,
        "request": request_text(intent.asked),
        "asks": 0,
        "not_found_asks": 0,
        **lease(turn),
    }


def _captured(intent: _Intent) -> dict[str, Any]:
    """Cash is sent and captured at once."""
    minor = intent.ask.amount.minor
    tendered = minor if intent.ask.tendered is None else intent.ask.tendered.minor
    return {
        "money": MoneyState.CAPTURED.value,
        "captured_at": intent.now,
        "payer_minor": minor,
        "fee_minor": 0,
        "net_minor": minor,
        "tendered_minor": tendered,
        "change_minor": tendered - minor,
        "rounding_minor": 0 if intent.ask.rounding is None else intent.ask.rounding.minor,
        "driver": None,
        "driver_until": None,
        "due_at": None,
    }


def _waived(ask: TakeAsk) -> JSON:
    if ask.rounding is None or not ask.rounding.minor:
        return None
    return {"cur": ask.rounding.currency, "minor": ask.rounding.minor}


def _fact(kind: FactKind, intent: _Intent, row: dict[str, Any]) -> Fact:
    sent = kind is facts.SENT
    more: dict[str, Any] = {
        "from": None if sent else MoneyState.SENT.value,
        "to": (MoneyState.SENT if sent else MoneyState.CAPTURED).value,
        "shop": row["shop_id"],
        "method": row["method"],
        "wallet": row["wallet"],
        "amount": {"cur": row["currency"], "minor": row["amount_minor"]},
        "provider": row["provider"],
        "pref": row["order_no"],
        "day": row["business_day"],
        "term": row["terminal_id"],
        "auth": intent.actor.auth,
    }
    if sent:
        more |= {
            "account": row["account_id"],
            "entry": row["entry"],
            "cday": row["clearing_day"],
            "voucher": Drawn("voucher"),
            "rounding": _waived(intent.ask),
            "request_sha256": request_sha256(row["request"]),
        }
    return kind.fact(at=intent.now, actor=intent.actor.person_id, subject=row["id"], **more)
