"""Heed the notices that were kept: each leads where the answer to a question about the same payment would lead.

A notice moves money only where its amount, currency and merchant are those of the payment; what contradicts our record
is asked about first. One about an order nobody here knows is parked for a day.
"""

from __future__ import annotations

import contextlib
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from counterfoil.basis import MICROS, Refused
from counterfoil.payments.drive import ask_for_charge, key_of, store_answer
from counterfoil.payments.means import Means
from counterfoil.payments.notice import KeptNotice, NoticeState, due_notices, ending, kept_notice
from counterfoil.payments.outcome import charge_answered
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import Place, place_of, route_of
from counterfoil.payments.printed import looks_like_ours, printed_code_paid, trade_known
from counterfoil.payments.reading import load
from counterfoil.payments.resolve import resolve
from counterfoil.payments.states import MoneyState
from counterfoil.payments.static_code import static_code_change
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg, provider_notice
from counterfoil.people.tables import shop, terminal
from counterfoil.providers import Approved, Declined, Outcome, Unknown, Why
from counterfoil.store import Change, Guard, Lost

# How long an order that nobody knows is waited for, and how often it is looked for meanwhile.
PARKED_SECONDS: Final = 24 * 3600
LOOK_AGAIN_SECONDS: Final = (60, 600, 3600)
_OPEN: Final = frozenset({MoneyState.SENT, MoneyState.UNKNOWN})
NOT_PAID: Final = frozenset({MoneyState.DECLINED, MoneyState.REVERSED})


def _by(column: Any, wanted: Any, name: str) -> Select[Any]:
    return select(wanted).where(column.table.c.merchant_id == bindparam("merchant_id"), column == bindparam(name))


_CHARGE: Final = _by(payment_table.c.order_no, payment_table.c.id, "order_no")
_LEG: Final = _by(payment_leg.c.order_no, payment_leg.c.payment_id, "order_no")
_TERMINALS: Final = (
    select(terminal.c.id, terminal.c.number, terminal.c.shop_id)
    .join(shop, (shop.c.merchant_id == terminal.c.merchant_id) & (shop.c.id == terminal.c.shop_id))
    .where(terminal.c.merchant_id == bindparam("merchant_id"), terminal.c.state == "active", shop.c.state == "active")
    .order_by(terminal.c.made_at, terminal.c.id)
)


async def heed_notices(means: Means) -> int:
    """One round of the worker; answers how many notices came to an end."""
    ended = 0
    for merchant_id, notice_id in await due_notices(means.store, means.clock.now()):
        kept = await kept_notice(means.store, merchant_id, notice_id)
        if kept is None or kept.due_at is None:
            continue
        try:
            ended += await _heed(means, kept)
        except Lost:
            continue
        except Exception as error:  # noqa: BLE001 - one notice that cannot be heeded holds up none of the others
            means.drives.failed((merchant_id, notice_id), error)
            with contextlib.suppress(Lost):
                await _look_again(means, kept)
    return ended


async def _heed(means: Means, kept: KeptNotice) -> bool:
    about = {"merchant_id": kept.merchant_id, "order_no": kept.said.order_no}
    charge = await means.store.fetch_one(_CHARGE, about)
    if charge is not None:
        return await _about_charge(means, kept, charge["id"])
    leg = await means.store.fetch_one(_LEG, about)
    if leg is not None:
        # What a void or a refund came to is asked, never taken from a notice.
        await resolve(means, kept.merchant_id, leg["payment_id"], 0)
        return await _end(means, kept, "asked", leg["payment_id"])
    if means.clock.now() < kept.kept_at + PARKED_SECONDS * MICROS:
        return await _look_again(means, kept)
    return await _unknown(means, kept)


async def _about_charge(means: Means, kept: KeptNotice, payment_id: str) -> bool:
    payment = await load(means.store, kept.merchant_id, payment_id)
    outcome = kept.said.outcome
    if payment is None:
        return await _look_again(means, kept)
    if outcome is not None and not fits(kept, payment):
        return await _end(means, kept, "mismatch", payment.id, NoticeState.PERSON)
    if payment.money in _OPEN:
        if outcome is None:
            await _follow(means, payment)
            return await _end(means, kept, "asked", payment.id)
        await _apply(means, payment, outcome)
        return await _end(means, kept, "applied", payment.id)
    if payment.money in NOT_PAID:
        return await _contradicted(means, kept, payment)
    # Already received, or on its way back: whoever drives that asks by himself.
    return await _end(means, kept, "known", payment.id)


async def _follow(means: Means, payment: Payment) -> None:
    """A hint is worth a question: by our drive of the payment, or, where another process drives it, by us.

    Of an answer that is not the driver's own only a yes is taken, as from a notice that says so itself: any other could
    meet a reversal that was sent meanwhile, and the driver asks anyway.
    """
    payment = await resolve(means, payment.merchant_id, payment.id, 0)
    if payment.money not in _OPEN or means.drives.running(key_of(payment)):
        return
    route = await route_of(means, payment.merchant_id, payment.account_id)
    outcome = await ask_for_charge(means, means.accounts.connector(route.account), payment)
    if isinstance(outcome, Approved):
        await _apply(means, payment, outcome)


def fits(kept: KeptNotice, payment: Payment) -> bool:
    """Whether the notice is about this very payment: its account, its amount, its currency."""
    return kept.account_id == payment.account_id and kept.said.amount == payment.amount


async def _apply(means: Means, payment: Payment, outcome: Outcome) -> None:
    route = await route_of(means, payment.merchant_id, payment.account_id)
    await store_answer(means, route, payment, lambda now, turn: charge_answered(now, outcome, turn, called=False))
    means.drives.nudge(key_of(payment))


async def _contradicted(means: Means, kept: KeptNotice, payment: Payment) -> bool:
    """We say it was not paid; a notice may be older than its reversal, so the provider is asked how it is now."""
    route = await route_of(means, payment.merchant_id, payment.account_id)
    outcome = await ask_for_charge(means, means.accounts.connector(route.account), payment)
    if await end_by_answer(means, kept, payment, outcome):
        return True
    if means.clock.now() < kept.kept_at + PARKED_SECONDS * MICROS:
        return await _look_again(means, kept)
    return await _end(means, kept, "contradicted", payment.id, NoticeState.PERSON)


async def end_by_answer(means: Means, kept: KeptNotice, payment: Payment, outcome: Outcome) -> bool:
    """End a notice that contradicts us where the provider, asked now, says what happened; False where it does not."""
    match outcome:
        case Approved():
            await _apply(means, payment, outcome)
            return await _end(means, kept, "late_success", payment.id)
        case Declined() | Unknown(why=Why.RETURNED | Why.NOT_FOUND):
            return await _end(means, kept, "known", payment.id)
    return False


async def _unknown(means: Means, kept: KeptNotice) -> bool:
    """Nobody asked for it in a day: a payment by the printed code where all of it fits one, else a person decides."""
    paid, place = printed_code_paid(kept), await _static_place(means, kept)
    if paid is None or place is None or looks_like_ours(kept.said.order_no):
        return await _end(means, kept, "unknown", None, NoticeState.PERSON)
    if await trade_known(means, kept) is not None:
        return await _end(means, kept, "unknown", None, NoticeState.PERSON)
    route = await route_of(means, kept.merchant_id, kept.account_id)
    born = static_code_change(means, place, route, *paid)
    end = ending(kept, means.clock.now(), how="recorded", payment_id=kept.id)
    # One Change: there is no moment at which the one stands without the other.
    await means.store.commit(born.plus(end))
    return True


async def _static_place(means: Means, kept: KeptNotice) -> Place | None:
    """The terminal on whose counter the code stands: the one the account names, else the first of an only shop."""
    rows = await means.store.fetch(_TERMINALS, {"merchant_id": kept.merchant_id})
    route = await route_of(means, kept.merchant_id, kept.account_id)
    named = means.accounts.static_code_terminal(route.account)
    if named is None and len({row["shop_id"] for row in rows}) != 1:
        return None
    found = next((row["id"] for row in rows if named in (None, row["number"])), None)
    if found is None:
        return None
    try:
        return await place_of(means, kept.merchant_id, found)
    except Refused:
        return None


async def _look_again(means: Means, kept: KeptNotice) -> bool:
    """Park it; the last look comes when its day is over."""
    now = means.clock.now()
    pause = LOOK_AGAIN_SECONDS[min(kept.tries, len(LOOK_AGAIN_SECONDS) - 1)] * MICROS
    ends = kept.kept_at + PARKED_SECONDS * MICROS
    due = now + pause if now >= ends else min(now + pause, ends)
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=kept.merchant_id,
        guards=(Guard(provider_notice, kept.row, {"due_at": due, "tries": kept.tries + 1}),),
    )
    await means.store.commit(change)
    return False


async def _end(
    means: Means, kept: KeptNotice, how: str, payment_id: str | None, state: NoticeState = NoticeState.DONE
) -> bool:
    part = ending(kept, means.clock.now(), how=how, payment_id=payment_id, state=state)
    change = Change(change_id=means.ids.uuid(), merchant_id=kept.merchant_id, guards=part.guards, facts=part.facts)
    await means.store.commit(change)
    return True
