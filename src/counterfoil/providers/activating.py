"""An activation (激活) as it stands in the account's row: begun before the provider is called, ended after its no.

What it hands out ends it too: see ``sealing``. One that was begun and not ended is one whose answer nobody kept.
"""

from __future__ import annotations

from typing import Final

from counterfoil.providers.facts import ACCOUNT_ACTIVATING, ACCOUNT_NOT_ACTIVATED
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Guard, Require, Row

REFUSED: Final = "refused"
NOT_SENT: Final = "not_sent"
NO_ANSWER: Final = "no_answer"


def activation_begun(account: Row, *, actor: str, relied: Require, change_id: str, at: int) -> Change:
    """The Change that goes before the call. An earlier one without an answer stays remembered. Pure.

    ``relied``: that the actor is in service when it is written. ``at`` in UTC microseconds.
    """
    since = account["activating_at"] or at
    return Change(
        change_id=change_id,
        merchant_id=account["merchant_id"],
        guards=(Guard(provider_account, account, {"activating_at": since}),),
        requires=(relied,),
        facts=(ACCOUNT_ACTIVATING.fact(at=at, actor=actor, subject=account["id"]),),
    )


def activation_ended(account: Row, how: str, *, begun_at: int, actor: str, change_id: str, at: int) -> Change:
    """The Change after a call begun at ``begun_at`` that handed out nothing. Pure.

    Only a no and a call that never left end it: without an answer a terminal may have been made. Nor is an earlier one
    without an answer ended by it.
    """
    own = account["activating_at"] == begun_at and how != NO_ANSWER
    return Change(
        change_id=change_id,
        merchant_id=account["merchant_id"],
        guards=(Guard(provider_account, account, {"activating_at": None if own else account["activating_at"]}),),
        facts=(ACCOUNT_NOT_ACTIVATED.fact(at=at, actor=actor, subject=account["id"], how=how),),
    )
