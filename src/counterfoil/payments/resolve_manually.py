"""按对账单了结: end what no answer ended, by what the provider's statement says; it takes two persons.

Nothing is called: the money moved or did not, and the statement's line says which. The line is kept sealed and its
digest stands in the fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace
from sqlalchemy import bindparam, select

from counterfoil.basis import local_day
from counterfoil.payments.decision import Decision
from counterfoil.payments.drive import decided_change, key_of, turn_of
from counterfoil.payments.faults import MOVE_NOT_LEGAL, TOO_MANY_AT_ONCE
from counterfoil.payments.intent import commit_intent
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment, PaymentLeg
from counterfoil.payments.place import place_was, route_of
from counterfoil.payments.resolution import Finding, ResolveAsk, resolution_id, rows_of_number, sealed
from counterfoil.payments.resolution_faults import FINDING_WRONG, STATEMENT_AMOUNT, STATEMENT_DAY, STATEMENT_USED
from counterfoil.payments.resolved import charge_found, findings_for, leg_found
from counterfoil.payments.settle import after_intent, payment_for
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_resolution
from counterfoil.payments.words import state_words
from counterfoil.people import Act, Actor, Permission, demand_second, demand_somewhere
from counterfoil.store import ChangePart, Insert, Row

_TRIES: Final = 8
# Findings by which the line is one of money that came.
_CAME: Final = frozenset({Finding.KEPT, Finding.GIVEN_BACK})
_OTHERS_MONEY: Final = (
    select(payment_table.c.id)
    .where(
        payment_table.c.merchant_id == bindparam("merchant_id"),
        payment_table.c.account_id == bindparam("account_id"),
        payment_table.c.provider_trade_no == bindparam("number"),
        payment_table.c.id != bindparam("id"),
    )
    .limit(1)
)


async def resolve_manually(means: Means, actor: Actor, ask: ResolveAsk) -> Payment:
    """Record the finding and answer with the payment as it then is. The same finding by the same line again: as it is.

    Raises Refused CF-2021, CF-3109 (may not, not in sight), CF-3107 (it does not wait for a person), CF-3174 (not to be
    found of it), CF-3171 to CF-3173 (the line is not its own), CF-2150 (nobody else approved it); Trouble CF-3121.
    """
    # 1 may this person do it
    demand_somewhere(actor, Permission.RESOLVE_PAYMENT)
    for _ in range(_TRIES):
        # 2 load
        payment = await payment_for(means, actor, ask.payment_id, Permission.RESOLVE_PAYMENT)
        # 3 was it done before
        rows = await _rows(means, payment, ask)
        if any(_is_this(row, ask) for row in rows):
            return replace(payment, repeated=True)
        # 4 is the move legal, is the line its own, and has somebody else approved it
        leg = await _fitting(means, payment, ask, rows)
        await demand_second(means.store, actor, Act.RESOLVE_PAYMENT, ask.statement.minor)
        # 5 commit the end with its fact and the line
        decision = await _decided(means, actor, payment, leg, ask)
        change = decided_change(means, payment, decision).plus(_kept(means, actor, payment, ask))
        if await commit_intent(means, change) is None:
            continue
        means.drives.changed(key_of(payment))
        # 6 answer
        return await after_intent(means, actor.merchant_id, ask.payment_id)
    raise TOO_MANY_AT_ONCE()


async def check_resolving(means: Means, actor: Actor, ask: ResolveAsk) -> Payment:
    """The payment, if it could be ended like that: what is shown first. Raises what ``resolve_manually`` does."""
    demand_somewhere(actor, Permission.RESOLVE_PAYMENT)
    payment = await payment_for(means, actor, ask.payment_id, Permission.RESOLVE_PAYMENT)
    await _fitting(means, payment, ask, await _rows(means, payment, ask))
    return payment


async def _rows(means: Means, payment: Payment, ask: ResolveAsk) -> Sequence[Row]:
    number = ask.statement.number
    return await rows_of_number(means.store, payment.merchant_id, means.hmac_key, payment.account_id, number)


def _is_this(row: Row, ask: ResolveAsk) -> bool:
    mine = (row["payment_id"], row["leg_id"], row["finding"]) == (ask.payment_id, ask.leg_id, ask.finding.value)
    return mine and row["statement_sha256"] == ask.statement.sha256()


async def _fitting(means: Means, payment: Payment, ask: ResolveAsk, rows: Sequence[Row]) -> PaymentLeg | None:
    """The leg, where it is about one. Raises Refused CF-3107, CF-3171 to CF-3174."""
    leg = next((one for one in payment.legs if one.id == ask.leg_id), None)
    offered = () if leg is None and ask.leg_id is not None else findings_for(payment, leg, means.clock.now())
    if not offered:
        raise MOVE_NOT_LEGAL(state=state_words(payment.money))
    if ask.finding not in offered:
        raise FINDING_WRONG(field="finding")
    amount = payment.amount if leg is None else leg.amount
    if ask.statement.amount != amount:
        raise STATEMENT_AMOUNT(field="amount", amount=amount)
    zone = (await place_was(means, payment)).zone
    first = local_day(payment.taken_at if leg is None else leg.asked_at, zone, 0)
    last = local_day(means.clock.now(), zone, 0)
    if not first <= ask.statement.day <= last:
        raise STATEMENT_DAY(field="day", first=first, last=last)
    if await _used(means, payment, ask, rows):
        raise STATEMENT_USED(field="number")
    return leg


async def _used(means: Means, payment: Payment, ask: ResolveAsk, rows: Sequence[Row]) -> bool:
    """Whether the line stands for something else: another payment, another finding of this sort, or known money."""
    if any(row["payment_id"] != payment.id or row["finding"] == ask.finding.value for row in rows):
        return True
    if ask.leg_id is not None or ask.finding not in _CAME:
        return False
    about = {"merchant_id": payment.merchant_id, "account_id": payment.account_id, "id": payment.id}
    return bool(await means.store.fetch(_OTHERS_MONEY, {**about, "number": ask.statement.number}))


async def _decided(means: Means, actor: Actor, payment: Payment, leg: PaymentLeg | None, ask: ResolveAsk) -> Decision:
    turn = turn_of(means, await route_of(means, payment.merchant_id, payment.account_id))
    said = {
        "actor": actor.person_id,
        "auth": actor.auth,
        "term": actor.terminal_id,
        "approver": actor.approver_id,
        "statement_sha256": ask.statement.sha256(),
    }
    if leg is not None:
        return leg_found(payment, leg, ask.finding, turn, **said)
    came_at = ask.statement.begins((await place_was(means, payment)).zone)
    return charge_found(payment, ask.finding, turn, came_at, **said)


def _kept(means: Means, actor: Actor, payment: Payment, ask: ResolveAsk) -> ChangePart:
    """The row of the line. Of two at once with one line the second meets its id, and looks again."""
    row_id = resolution_id(means.hmac_key, payment.account_id, ask.statement.number, ask.finding)
    row = {
        "merchant_id": payment.merchant_id,
        "id": row_id,
        "payment_id": payment.id,
        "leg_id": ask.leg_id,
        "finding": ask.finding.value,
        "statement_sha256": ask.statement.sha256(),
        "actor_id": actor.person_id,
        "approver_id": actor.approver_id,
        "resolved_at": means.clock.now(),
        "sealed": sealed(means.vault, payment.merchant_id, row_id, ask.statement),
    }
    return ChangePart(inserts=(Insert(payment_resolution, row),))
