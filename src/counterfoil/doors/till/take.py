"""收款: the amount, then the customer's code. The act's id stands in the address before anything is sent."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money, NotMoney, Secret, canonical_uuid, insist
from counterfoil.doors.screen.faults import NO_SUCH_PAGE, NOT_AN_AMOUNT
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import payment_in_sight
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.fault_page import fault_page
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.scanned import ORDER_DIGITS, plain
from counterfoil.payments import (
    AMOUNT_MINOR_MAX,
    AMOUNT_OUT_OF_RANGE,
    ID_REUSED,
    NOT_A_PAYMENT_CODE,
    Doubts,
    TakeAsk,
    doubts_of,
    take,
    takes_cards,
)
from counterfoil.records import Find, find

# Long enough for most answers, so that the result is there at once; what takes longer is watched on the result page.
WAIT_SECONDS: Final = 2


def routes(app: App) -> list[BaseRoute]:
    """The keypad, and the page that waits for the customer's code."""
    return [
        at_desk(app, "/till/take", ask_amount, amount_given),
        at_desk(app, "/till/take/again", again),
        at_desk(app, "/till/take/{id}", ask_code, charge),
    ]


async def ask_amount(desk: Desk) -> Response:
    """The keypad; an amount in the address stands in it already."""
    return await keypad(desk, desk.request.query_params.get("amount", ""))


async def amount_given(desk: Desk, form: Form) -> Response:
    """Go on to the code; where the customer's code was scanned with the amount on the keypad, charge at once."""
    typed = form.get("amount", "")
    try:
        amount = amount_of(typed)
        own_id, scanned = act_id(form.get("id", "")), form.get("code", "")
        if await doubts_at(desk, own_id, amount):
            return go(f"/till/take/{own_id}/sure", amount=amount.decimal(), **({"scanned": "1"} if scanned else {}))
        if scanned:
            return await _take(desk, own_id, amount, scanned)
    except Fault as fault:
        desk.note("take", fault)
        if fault.kind is ID_REUSED:
            return fault_page(desk, fault, to=f"/till/payments/{form['id']}", button=desk.t("fault.to_result"))
        return await keypad(desk, typed, fault)
    return go(f"/till/take/{own_id}", amount=amount.decimal())


async def again(desk: Desk) -> Response:
    """The same amount as a new act, by code or in cash: after a payment that was declined."""
    query = desk.request.query_params
    own_id, amount = desk.app.ids.uuid(), amount_of(query.get("amount", ""))
    way = {"way": "cash"} if query.get("way") == "cash" else {}
    if await doubts_at(desk, own_id, amount):
        return go(f"/till/take/{own_id}/sure", amount=amount.decimal(), **way)
    return go(f"/till/take/{own_id}{'/cash' if way else ''}", amount=amount.decimal())


async def ask_code(desk: Desk) -> Response:
    """Wait for the customer's code. An act that was done already is shown, not asked for again."""
    payment_id = act_id(desk.request.path_params["id"])
    if await payment_in_sight(desk, payment_id) is not None:
        return go(f"/till/payments/{payment_id}")
    try:
        amount = amount_of(desk.request.query_params.get("amount", ""))
    except Fault as fault:
        return await keypad(desk, desk.request.query_params.get("amount", ""), fault)
    return await scan_page(desk, payment_id, amount)


async def charge(desk: Desk, form: Form) -> Response:
    """Charge the scanned code under the id in the address."""
    payment_id = act_id(desk.request.path_params["id"])
    amount = amount_of(form.get("amount", ""))
    try:
        return await _take(desk, payment_id, amount, form.get("code", ""))
    except Fault as fault:
        desk.note("take", fault)
        return await refused(desk, payment_id, fault) or await scan_page(desk, payment_id, amount, fault)


async def refused(desk: Desk, payment_id: str, fault: Fault) -> Response | None:
    """The page for a refusal after which this page cannot be used again; None where it can."""
    if fault.kind is ID_REUSED:
        return fault_page(desk, fault, to=f"/till/payments/{payment_id}", button=desk.t("fault.to_result"))
    if await payment_in_sight(desk, payment_id) is not None:
        return go(f"/till/payments/{payment_id}")
    return None


async def doubts_at(desk: Desk, payment_id: str, amount: Money) -> Doubts | None:
    """What the cashier should look at before this is charged; nothing for an act that was done already."""
    if await payment_in_sight(desk, payment_id) is not None:
        return None
    return await doubts_of(desk.app.payments, desk.merchant_id, desk.shop.id, desk.terminal.id, amount)


def amount_of(typed: str) -> Money:
    """The amount a person typed, within what may be taken. Raises Refused CF-1801, CF-3101."""
    try:
        amount = Money.parse(typed)
    except NotMoney as error:
        raise NOT_AN_AMOUNT(field="amount") from error
    if not 0 < amount.minor <= AMOUNT_MINOR_MAX:
        raise AMOUNT_OUT_OF_RANGE(field="amount", most=Money(AMOUNT_MINOR_MAX))
    return amount


async def keypad(desk: Desk, amount: str, fault: Fault | None = None) -> Response:
    """The keypad with what was typed, and a fault above it."""
    cards = await takes_cards(desk.app.payments, desk.merchant_id, desk.terminal.id)
    own_id = desk.app.ids.uuid()
    return render(desk, "take.html", status_of(fault), amount=amount, act_id=own_id, cards=cards, **tell(desk, fault))


def act_id(text: str) -> str:
    """The id of an act as it stands in an address. Raises Refused CF-1804 where it is none."""
    try:
        return canonical_uuid(text)
    except ValueError as error:
        raise NO_SUCH_PAGE() from error


async def _take(desk: Desk, payment_id: str, amount: Money, scanned: str) -> Response:
    code = plain(scanned)
    await _no_receipt(desk, code)
    ask = TakeAsk(
        id=payment_id,
        shop_id=desk.shop.id,
        terminal_id=desk.terminal.id,
        method="qr",
        entry="consumer_code",
        amount=amount,
        auth_code=Secret(code),
        wait_seconds=WAIT_SECONDS,
    )
    payment = await take(desk.app.payments, desk.actor, ask)
    insist(payment.id == payment_id, "a take answers with its own payment")
    return go(f"/till/payments/{payment.id}")


async def _no_receipt(desk: Desk, code: str) -> None:
    """Refuse the bar code of a receipt, which looks like a payment code of Alipay's. Raises Refused CF-3103."""
    if len(code) != ORDER_DIGITS:
        return
    known = await find(desk.app.records, desk.merchant_id, Find(number=code, limit=1))
    if known.items:
        raise NOT_A_PAYMENT_CODE(field="code")


async def scan_page(desk: Desk, payment_id: str, amount: Money, fault: Fault | None = None) -> Response:
    """The page that waits for the customer's code, with the other ways to pay, and a fault above it."""
    return render(
        desk,
        "scan.html",
        status_of(fault),
        amount=amount,
        act_id=payment_id,
        cards=await takes_cards(desk.app.payments, desk.merchant_id, desk.terminal.id),
        here=link(f"/till/take/{payment_id}", amount=amount.decimal()),
        **tell(desk, fault),
    )
