"""Another account for a charge that never left: the only case in which a payment changes the account it goes through.

After a call that may have been executed there is never another provider. What says that it cannot have been is the
transport alone: no connection came about, no byte of the request left.
"""

from __future__ import annotations

import contextlib

from counterfoil.evidence import SYSTEM
from counterfoil.payments import facts
from counterfoil.payments.as_committed import as_committed
from counterfoil.payments.decision import Turn, lease
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import Route
from counterfoil.payments.search_keys import search_keys
from counterfoil.payments.states import MoneyState
from counterfoil.payments.tables import payment as payment_table
from counterfoil.providers import Outcome, Unknown, Why
from counterfoil.store import Change, FateUnknown, Guard, Stale


def never_left(outcome: Outcome) -> bool:
    """Whether the charge cannot have been executed."""
    return isinstance(outcome, Unknown) and outcome.why is Why.NOT_SENT


async def reroute(means: Means, payment: Payment, route: Route) -> Payment | None:
    """Commit that the payment goes through ``route`` now, before anything is sent there; None where that is not to be.

    It is not where somebody moved the payment meanwhile, where the account was deactivated, or where it is not known
    whether the commit came about: then what was found at the account before stands.
    """
    if payment.money is not MoneyState.SENT:
        return None
    change = reroute_change(means, payment, route)
    # A Trouble of the store too: whoever drives goes on with the answer it has.
    with contextlib.suppress(Stale, FateUnknown):
        return as_committed(payment, change, await means.store.commit(change))
    return None


def reroute_change(means: Means, payment: Payment, route: Route) -> Change:
    """The Change with which the payment goes to another account: the intent of the call that follows."""
    now = means.clock.now()
    columns = {
        "account_id": route.account["id"],
        "provider": route.account["provider"],
        "clearing_day": route.clearing_day(now),
        "void_until": route.void_until(now),
        "routed": route.routed.text() if route.routed else None,
        **lease(Turn(now, route.schedule, means.process)),
    }
    fact = facts.REROUTED.fact(
        at=now,
        actor=SYSTEM,
        subject=payment.id,
        **{"from": payment.money.value, "to": payment.money.value},
        past=payment.account_id,
        account=columns["account_id"],
        provider=columns["provider"],
        pref=payment.order_no,
        cday=columns["clearing_day"],
        why=str(Why.NOT_SENT),
    )
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        guards=(Guard(payment_table, payment.row, {**columns, **search_keys({**payment.row, **columns})}),),
        requires=(route.require(),),
        facts=(fact,),
    )
