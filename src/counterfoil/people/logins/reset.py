"""重设后台密码: an administrator begins it and is shown a code; the person finishes it and sets their own password.

Until it is finished the old password stays; whoever fears that somebody knows it disables the person. A finished reset
begins no session: the person signs in, and whatever else their sign-in asks for is asked.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any, Final

from counterfoil.basis import MICROS, Secret, rfc3339
from counterfoil.people.demand import demand
from counterfoil.people.facts import LOGIN_PASSWORD_SET, LOGIN_RESET_BEGUN
from counterfoil.people.faults import PERSON_UNKNOWN, SIGN_IN_BUSY
from counterfoil.people.faults_of_rights import LOGIN_NOT_THERE, RESET_WRONG
from counterfoil.people.logins.email import digest_of, find_login
from counterfoil.people.logins.reading import login_row
from counterfoil.people.logins.strength import office_password
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import as_person, person
from counterfoil.people.roles.held import held_by
from counterfoil.people.roles.rights import change_rights, demand_covers
from counterfoil.people.session import ROUNDS_MAX, end_sessions
from counterfoil.people.shapes import digest
from counterfoil.people.tables import login
from counterfoil.people.tables import person as person_table
from counterfoil.store import Change, ChangePart, Guard, Require, Row, Stale

RESET_LIFE_MICROS: Final = 3600 * MICROS
_CODE_BYTES: Final = 20
_GROUP: Final = 4


async def begin_reset(means: Means, actor: Actor, person_id: str) -> Secret[str]:
    """The code with which that person sets a new password: shown once, good for an hour and once; an older one is void.

    Raises Refused CF-2018 (nobody of that id), CF-2021 (may not), CF-2034 (no login), CF-2035 (they hold more than the
    actor), CF-2150 (nobody else approved it); Trouble CF-2010.
    """
    await demand_second(means.store, actor, Act.CHANGE_LOGIN)
    code = begun(means)

    async def part(now: Actor) -> tuple[ChangePart, Secret[str]]:
        demand(now, Permission.RESET_PASSWORD)
        demand(now, Permission.MANAGE_PEOPLE)
        whose = await person(means.store, actor.merchant_id, person_id)
        if whose is None or whose.state != ACTIVE:
            raise PERSON_UNKNOWN(number="")
        before = await login_row(means.store, actor.merchant_id, person_id)
        if before is None or before["state"] != ACTIVE:
            raise LOGIN_NOT_THERE()
        demand_covers(now, await held_by(means.store, actor.merchant_id, person_id))
        values = reset_columns(means, code)
        fact = LOGIN_RESET_BEGUN.fact(
            at=means.clock.now(), actor=actor.person_id, subject=person_id, until=rfc3339(values["reset_until"])
        )
        return ChangePart(guards=(Guard(login, before, values),), facts=(fact,)), code

    return await change_rights(means, actor, part)


async def finish_reset(means: Means, *, merchant_id: int, email: str, code: str, new: Secret[str]) -> None:
    """Set the password; the code is worth nothing from then on, and all sessions of that person end.

    Whatever is wrong with the address or the code has one answer. Raises Refused CF-2043 (address or code), CF-2005 and
    CF-2042 (password); Trouble CF-2010.
    """
    shown = digest(Secret(_plain(code)))
    for _ in range(ROUNDS_MAX):
        found = await find_login(means.store, merchant_id, digest_of(means, merchant_id, email))
        if found is None or not _good(found, shown, means.clock.now()):
            raise RESET_WRONG(field="code")
        before, who = found
        fit = office_password(new, email, as_person(who).name or "")
        values = {"password_hash": await means.hasher.hash(fit), "reset_sha256": None, "reset_until": None}
        fact = LOGIN_PASSWORD_SET.fact(
            at=means.clock.now(), actor=before["person_id"], subject=before["person_id"], how="reset"
        )
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=merchant_id,
            guards=(Guard(login, before, values),),
            requires=(Require(person_table, {"merchant_id": merchant_id, "id": who["id"]}, who["version"]),),
            facts=(fact,),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        await end_sessions(means, merchant_id, person_id=before["person_id"])
        return
    raise SIGN_IN_BUSY()


def begun(means: Means) -> Secret[str]:
    """A new code: 160 random bits in groups of four letters and digits, without those that look alike."""
    letters = base64.b32encode(means.entropy.bytes(_CODE_BYTES)).decode()
    return Secret("-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)))


def reset_columns(means: Means, code: Secret[str]) -> dict[str, Any]:
    """The columns of a reset that is begun: the code's digest and its end."""
    return {
        "reset_sha256": digest(Secret(_plain(code.reveal()))),
        "reset_until": means.clock.now() + RESET_LIFE_MICROS,
    }


def _plain(code: str) -> str:
    """As it is compared: without the hyphens and spaces that make it readable."""
    return "".join(code.upper().split()).replace("-", "")


def _good(found: tuple[Row, Row], shown: str, now: int) -> bool:
    before, who = found
    there = before["state"] == ACTIVE and who["state"] == ACTIVE and before["reset_sha256"] is not None
    return there and now < before["reset_until"] and hmac.compare_digest(before["reset_sha256"], shown)
