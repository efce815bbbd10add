"""重打印: print a receipt once more, marked and counted."""

from __future__ import annotations

from counterfoil.payments import Payment
from counterfoil.people import Actor, Permission, demand
from counterfoil.records.facts import RECEIPT_REPRINTED
from counterfoil.records.faults import NO_RECEIPT
from counterfoil.records.means import Means
from counterfoil.records.receipt import has_receipt
from counterfoil.store import Change, Draw, Drawn


async def reprint(means: Means, actor: Actor, payment: Payment, *, leg_id: str | None = None) -> int:
    """Count one more copy of the receipt of ``payment`` or of its leg; the number it bears. From then it is marked.

    Raises NO_RECEIPT where none may be given, and the Refused of people where the actor may not read it.
    """
    # 1 may this person do it, here
    demand(actor, Permission.READ, payment.shop_id)
    # 2 is there a receipt at all
    if not has_receipt(payment, leg_id):
        raise NO_RECEIPT()
    # 3 the next number of this very receipt, and the fact: two at once bear two numbers
    fact = RECEIPT_REPRINTED.fact(
        at=means.clock.now(),
        actor=actor.person_id,
        subject=payment.id,
        copy=Drawn("copy"),
        leg=leg_id,
        term=actor.terminal_id,
        auth=actor.auth,
    )
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        draws=(Draw("copy", f"receipt:{leg_id or payment.id}"),),
        facts=(fact,),
    )
    # 4 durable before a page may be printed
    return (await means.store.commit(change)).drawn["copy"]
