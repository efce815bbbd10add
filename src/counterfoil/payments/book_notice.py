"""Book a notice that was left to a person: it is a payment by the printed code of the shop that the person names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.payments.faults import (
    NOTICE_DECIDED,
    NOTICE_MONEY_KNOWN,
    NOTICE_NOT_PRINTED,
    NOTICE_SHOP,
    TOO_MANY_AT_ONCE,
)
from counterfoil.payments.means import Means
from counterfoil.payments.notice import KeptNotice, NoticeState, ending, legal, notice_for, siblings
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import Place, place_of, route_of
from counterfoil.payments.printed import printed_code_paid, trade_known
from counterfoil.payments.settle import as_it_is
from counterfoil.payments.static_code import StaticCodePaid, static_code_change
from counterfoil.people import Act, Actor, Permission, demand, demand_second
from counterfoil.people.tables import shop, terminal
from counterfoil.providers import Approved
from counterfoil.store import Change, ChangePart, Lost

_TRIES: Final = 8
_TERMINALS: Final = (
    select(terminal.c.id, terminal.c.number)
    .join(shop, (shop.c.merchant_id == terminal.c.merchant_id) & (shop.c.id == terminal.c.shop_id))
    .where(
        terminal.c.merchant_id == bindparam("merchant_id"),
        terminal.c.shop_id == bindparam("shop_id"),
        terminal.c.state == "active",
        shop.c.state == "active",
    )
    .order_by(terminal.c.number)
)


@dataclass(frozen=True, slots=True)
class _Order:
    """A notice, and the others of its order that wait for a person."""

    kept: KeptNotice
    others: list[KeptNotice]

    @property
    def record_id(self) -> str:
        """The oldest one's id: whichever of them is booked, there is never a second record."""
        return min((self.kept, *self.others), key=lambda one: (one.kept_at, one.id)).id


async def book_notice(means: Means, actor: Actor, notice_id: str, shop_id: str) -> Payment:
    """Record it and end the notice in one commit; answers with the record. Booked there before: the record as it is.

    Other notices of the same order that wait for a person are settled by it: its money is then recorded.

    The amount, currency and wallet are the notice's own, and the merchant is that of the account whose signature it
    bears: nobody types them.

    Raises Refused CF-2021, CF-2012 (may not), CF-3160 (no such notice), CF-3161 (decided otherwise), CF-3162 (it says
    too little to be a payment, or is about one of ours), CF-3163 (its money is recorded already), CF-3164 (no terminal
    in use in that shop), CF-2150 (another person has to approve so much); Trouble CF-3121.
    """
    # 1 may this person do it, there
    demand(actor, Permission.DECIDE_NOTICE, shop_id)
    for _ in range(_TRIES):
        # 2 load, and was it done before
        order = await _order(means, actor.merchant_id, notice_id)
        if (booked := await _booked(means, order.kept, shop_id)) is not None:
            return booked
        # 3 is it legal, has another person approved so much, and does all of it fit
        legal(order.kept)
        said = order.kept.said.amount
        await demand_second(means.store, actor, Act.DECIDE_NOTICE, said.minor if said else None)
        change = await _change(means, actor, order, shop_id)
        # 4 commit the record and the notice's end with their facts, 5 answer with what the next look finds
        try:
            await means.store.commit(change)
        except Lost:
            # What was remembered of the shop or the account may be what is stale.
            means.known.forget(actor.merchant_id)
    raise TOO_MANY_AT_ONCE()


async def check_booking(means: Means, actor: Actor, notice_id: str, shop_id: str) -> KeptNotice:
    """The notice, if it could be booked there: what is shown first. Raises what ``book_notice`` does."""
    demand(actor, Permission.DECIDE_NOTICE, shop_id)
    order = await _order(means, actor.merchant_id, notice_id)
    legal(order.kept)
    await _paid(means, order)
    await _place(means, order.kept, shop_id)
    return order.kept


async def _order(means: Means, merchant_id: int, notice_id: str) -> _Order:
    others = await siblings(means.store, merchant_id, notice_id)
    # Read after the others: whoever booked one of those meanwhile has ended this one with it.
    return _Order(await notice_for(means.store, merchant_id, notice_id), others)


async def _booked(means: Means, kept: KeptNotice, shop_id: str) -> Payment | None:
    if kept.state is not NoticeState.DONE or kept.how != "recorded" or kept.payment_id is None:
        return None
    booked = await as_it_is(means, kept.merchant_id, kept.payment_id)
    if booked.shop_id != shop_id:
        raise NOTICE_DECIDED()
    return booked


async def _change(means: Means, actor: Actor, order: _Order, shop_id: str) -> Change:
    kept = order.kept
    born, told = await _paid(means, order)
    place = await _place(means, kept, shop_id)
    route = await route_of(means, kept.merchant_id, kept.account_id)
    now = means.clock.now()
    change = static_code_change(means, place, route, replace(born, id=order.record_id), told, actor=actor)
    change = change.plus(ending(kept, now, how="recorded", payment_id=order.record_id, actor=actor.person_id))
    for other in order.others:
        change = change.plus(_settled(kept, other, order.record_id, now, actor))
    return change


async def _paid(means: Means, order: _Order) -> tuple[StaticCodePaid, Approved]:
    """What it says was paid, if that is a payment of nobody's yet."""
    paid = printed_code_paid(order.kept)
    if order.kept.payment_id is not None or paid is None:
        raise NOTICE_NOT_PRINTED()
    # Its own record: somebody else books it at this moment, which the commit finds out, and the next look the record.
    if await trade_known(means, order.kept) not in {None, order.record_id}:
        raise NOTICE_MONEY_KNOWN()
    return paid


def _settled(kept: KeptNotice, other: KeptNotice, record_id: str, now: int, actor: Actor) -> ChangePart:
    """What becomes of another notice of the order: its money is recorded now, or it names another amount than that."""
    same = other.said.amount == kept.said.amount
    how, state = ("known", NoticeState.DONE) if same else ("mismatch", NoticeState.PERSON)
    return ending(other, now, how=how, payment_id=record_id, state=state, actor=actor.person_id)


async def _place(means: Means, kept: KeptNotice, shop_id: str) -> Place:
    """The terminal of the shop that the account names for its printed code, else the shop's first."""
    rows = await means.store.fetch(_TERMINALS, {"merchant_id": kept.merchant_id, "shop_id": shop_id})
    if not rows:
        raise NOTICE_SHOP(field="shop_id")
    route = await route_of(means, kept.merchant_id, kept.account_id)
    named = means.accounts.static_code_terminal(route.account)
    found = next((row["id"] for row in rows if row["number"] == named), rows[0]["id"])
    return await place_of(means, kept.merchant_id, found, shop_id)
