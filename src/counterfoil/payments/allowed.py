"""Step 1 of every act: may this person do it, here."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Both
from counterfoil.payments.faults import NOT_ALLOWED
from counterfoil.people import Actor, Permission

_WORDS: Final = {
    Permission.TAKE: Both("收款", "taking payments"),
    Permission.READ: Both("查看交易记录", "seeing records"),
    Permission.WITHDRAW: Both("撤回待确认的收款", "withdrawing an open payment"),
    Permission.VOID: Both("撤销", "voiding"),
    Permission.REFUND: Both("退款", "refunding"),
}


def allowed(actor: Actor, permission: Permission, *, shop_id: str | None = None) -> None:
    """Raise NOT_ALLOWED unless the actor holds the permission, and in that shop where one is named."""
    here = shop_id is None or actor.shop_ids is None or shop_id in actor.shop_ids
    if not (here and actor.may(permission)):
        raise NOT_ALLOWED(permission=_WORDS[permission])
