"""登录后台: an e-mail address and a password become a session without a terminal, or the wait for something more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from counterfoil.basis import Language, Secret, insist
from counterfoil.people.begin_session import IN_OFFICE, SignedIn, begin_session
from counterfoil.people.faults import OFFICE_CLOSED
from counterfoil.people.means import Means
from counterfoil.people.permission import Held, Permission
from counterfoil.people.person import Person
from counterfoil.people.prove import at_office, prove
from counterfoil.people.roles.held import held_by
from counterfoil.store import ChangePart

W = TypeVar("W")
# Asked once the password is right and before there is a session, at that instant (UTC microseconds). None: nothing more
# is needed. Else what is written instead of a session, and what the sign-in answers; a session begins later then, with
# ``begin_session``.
AskMore = Callable[[Person, Held, int], Awaitable[tuple[ChangePart, W] | None]]


async def nothing_more(_who: Person, _held: Held, _now: int) -> None:
    """The password is enough."""


async def sign_in_office(
    means: Means,
    *,
    merchant_id: int,
    email: str,
    password: Secret[str],
    language: Language = "zh-CN",
    address: str | None = None,
    came_from: str = "",
    ask_more: AskMore[W],
) -> SignedIn | W:
    """Sign a person in to the office: a new session, or what ``ask_more`` answers where the password is not enough.

    ``came_from`` names the browser and address, for the list of one's own sessions.

    Raises Refused CF-2032 (wrong; tries left), CF-2020 and CF-2030 (a pause, until when), CF-2019 (no permission for
    the office), CF-2016 (no such merchant); Trouble CF-2010.
    """
    # 1 what is shown
    proof = await at_office(means, merchant_id, email=email, password=password, address=address)

    # 2 with the right password: something more, or the session; committed with the reset of the count
    async def start(person: Person, now: int) -> tuple[ChangePart, SignedIn | W]:
        held = await held_by(means.store, merchant_id, person.id)
        if Permission.OFFICE not in held.anywhere():
            raise OFFICE_CLOSED()
        waiting = await ask_more(person, held, now)
        return waiting or begin_session(means, person, held, IN_OFFICE, language=language, now=now, came_from=came_from)

    made = await prove(means, proof, start)
    # 3 the answer
    if isinstance(made, SignedIn):
        insist(made.session.merchant_id == merchant_id, "the session is of the merchant asked")
    return made
