"""Book a notice that was left to a person: it is a payment by the printed code of the shop that the person names."""

from __future__ import annotations

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
from counterfoil.payments.notice import KeptNotice, NoticeState, ending, legal, notice_for
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import Place, place_of, route_of
from counterfoil.payments.printed import printed_code_paid, trade_known
from counterfoil.payments.settle import as_it_is
from counterfoil.payments.static_code import static_code_change
from counterfoil.people import Actor, Permission, demand, demand_shop
from counterfoil.people.tables import shop, terminal
from counterfoil.store import Change, Lost

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


async def book_notice(means: Means, actor: Actor, notice_id: str, shop_id: str) -> Payment:
    """Record it and end the notice in one commit; answers with the record. Booked there before: the record as it is.

    The amount, currency and wallet are the notice's own, and the merchant is that of the account whose signature it
    bears: nobody types them.

    Raises Refused CF-2021, CF-2012 (may not), CF-3160 (no such notice), CF-3161 (decided otherwise), CF-3162 (it says
    too little to be a payment, or is about one of ours), CF-3163 (its money is recorded already), CF-3164 (no terminal
    in use in that shop); Trouble CF-3121.
    """
    # 1 may this person do it, there
    demand(actor, Permission.DECIDE_NOTICE)
    demand_shop(actor, shop_id)
    for _ in range(_TRIES):
        # 2 load, and was it done before
        kept = await notice_for(means.store, actor.merchant_id, notice_id)
        if (booked := await _booked(means, kept, shop_id)) is not None:
            return booked
        # 3 is it legal, and does all of it fit
        legal(kept)
        change = await _change(means, actor, kept, shop_id)
        # 4 commit the record and the notice's end with their facts
        try:
            await means.store.commit(change)
        except Lost:
            continue
        # 5 answer
        return await as_it_is(means, kept.merchant_id, kept.id)
    raise TOO_MANY_AT_ONCE()


async def _booked(means: Means, kept: KeptNotice, shop_id: str) -> Payment | None:
    if kept.state is not NoticeState.DONE or kept.how != "recorded":
        return None
    booked = await as_it_is(means, kept.merchant_id, kept.id)
    if booked.shop_id != shop_id:
        raise NOTICE_DECIDED()
    return booked


async def _change(means: Means, actor: Actor, kept: KeptNotice, shop_id: str) -> Change:
    paid = printed_code_paid(kept)
    if kept.payment_id is not None or paid is None:
        raise NOTICE_NOT_PRINTED()
    if await trade_known(means, kept) is not None:
        raise NOTICE_MONEY_KNOWN()
    place = await _place(means, kept, shop_id)
    route = await route_of(means, kept.merchant_id, kept.account_id)
    born = static_code_change(means, place, route, *paid, actor=actor)
    end = ending(kept, means.clock.now(), how="recorded", payment_id=kept.id, actor=actor.person_id)
    return born.plus(end)


async def _place(means: Means, kept: KeptNotice, shop_id: str) -> Place:
    """The terminal of the shop that the account names for its printed code, else the shop's first."""
    rows = await means.store.fetch(_TERMINALS, {"merchant_id": kept.merchant_id, "shop_id": shop_id})
    if not rows:
        raise NOTICE_SHOP(field="shop_id")
    route = await route_of(means, kept.merchant_id, kept.account_id)
    named = means.accounts.static_code_terminal(route.account)
    found = next((row["id"] for row in rows if row["number"] == named), rows[0]["id"])
    return await place_of(means, kept.merchant_id, found, shop_id)
