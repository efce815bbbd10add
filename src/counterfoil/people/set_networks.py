"""Name the networks from which something may be used: tried first, kept by a second word within a minute.

On trial a list is in force. Whoever locked themselves out cannot say that second word, and a minute later the list
before it counts again, without anybody doing anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from counterfoil.basis import MICROS, Address, Networks, insist
from counterfoil.people.alter import in_service
from counterfoil.people.demand import demand
from counterfoil.people.facts import NETWORKS_RESET, NETWORKS_SET, NETWORKS_TRIED
from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.network_faults import NETWORK_WRONG, NETWORKS_MANY, TRIAL_OVER, YOU_ARE_ELSEWHERE
from counterfoil.people.networks import (
    API,
    DEFAULTS,
    PURPOSES,
    TRIAL_SECONDS,
    as_trusted,
    row_of,
    written,
)
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.session import ROUNDS_MAX
from counterfoil.people.tables import trusted_network
from counterfoil.store import Change, Fact, Guard, Insert, Lost, Row

NETWORKS_MAX: Final = 64
Values = Callable[[Row | None, int], tuple[Mapping[str, Any], Fact | None]]


def read_networks(typed: str) -> Networks:
    """What somebody typed, a network a line or between spaces and commas, at most 64.

    Raises Refused CF-2123, naming what is no network, CF-2126 (too many).
    """
    texts = typed.replace(",", " ").replace("，", " ").replace("；", " ").replace(";", " ").split()
    if len(texts) > NETWORKS_MAX:
        raise NETWORKS_MANY(field="networks", most=NETWORKS_MAX)
    for text in texts:
        try:
            Networks.read([text])
        except ValueError:
            raise NETWORK_WRONG(field="networks", text=text[:64]) from None
    return Networks.read(texts)


def check_networks(actor: Actor, purpose: str, new: Networks, caller: Address | None) -> None:
    """Whether that list could be tried: what is asked before it is shown. Raises Refused CF-2021, CF-2124."""
    demand(actor, Permission.MANAGE_NETWORKS)
    insist(purpose in PURPOSES, "a list of networks has a purpose")
    # Programs ask the API, so who sits at the office need not be among them.
    wanted = new or DEFAULTS[purpose]
    if purpose != API and wanted and not wanted.hold(caller):
        raise YOU_ARE_ELSEWHERE(field="networks", address=caller or "?")


async def try_networks(means: Means, actor: Actor, purpose: str, new: Networks, caller: Address | None) -> None:
    """Put the list in force for a minute. An empty one stands for the default.

    Raises Refused CF-2021 (may not), CF-2124 (whoever asks would be outside), CF-2150 (another person has to approve
    it); Trouble CF-2010.
    """
    check_networks(actor, purpose, new, caller)
    await demand_second(means.store, actor, Act.SET_NETWORKS)

    def values(_: Row | None, now: int) -> tuple[Mapping[str, Any], Fact]:
        fact = NETWORKS_TRIED.fact(at=now, actor=actor.person_id, purpose=purpose, networks=written(new))
        return {"trial": written(new), "trial_until": now + TRIAL_SECONDS * MICROS}, fact

    await _write(means, actor, purpose, values)


async def keep_networks(means: Means, actor: Actor, purpose: str) -> None:
    """Keep the list on trial. The door has let the actor in under it, which is what the trial is for.

    Raises Refused CF-2021 (may not), CF-2125 (nothing is on trial any more); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_NETWORKS)

    def values(row: Row | None, now: int) -> tuple[Mapping[str, Any], Fact]:
        if row is None or not as_trusted(row).on_trial(now):
            raise TRIAL_OVER()
        fact = NETWORKS_SET.fact(at=now, actor=actor.person_id, purpose=purpose, networks=row["trial"])
        return {"networks": row["trial"], "trial": None, "trial_until": None}, fact

    await _write(means, actor, purpose, values)


async def drop_trial(means: Means, actor: Actor, purpose: str) -> None:
    """End the trial now; nothing where there is none. Raises Refused CF-2021 (may not); Trouble CF-2010."""
    demand(actor, Permission.MANAGE_NETWORKS)
    await _write(means, actor, purpose, lambda _, __: ({"trial": None, "trial_until": None}, None))


async def reset_networks(means: Means, merchant_id: int) -> None:
    """Back to the defaults, by whoever has the server itself: the way in for a merchant that is locked out.

    Raises Trouble CF-2010.
    """

    def values(_: Row | None, now: int) -> tuple[Mapping[str, Any], Fact]:
        return {"networks": "", "trial": None, "trial_until": None}, NETWORKS_RESET.fact(at=now, purpose=purpose)

    for purpose in PURPOSES:
        if await row_of(means.store, merchant_id, purpose) is not None:
            await _commit(means, merchant_id, purpose, values)


async def _write(means: Means, actor: Actor, purpose: str, values: Values) -> None:
    await in_service(means, actor)
    await _commit(means, actor.merchant_id, purpose, values)


async def _commit(means: Means, merchant_id: int, purpose: str, values: Values) -> None:
    for _ in range(ROUNDS_MAX):
        before = await row_of(means.store, merchant_id, purpose)
        new, fact = values(before, means.clock.now())
        if before is None and fact is None:
            return
        blank = {"merchant_id": merchant_id, "purpose": purpose, "networks": ""}
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=merchant_id,
            inserts=(Insert(trusted_network, {**blank, **new}),) if before is None else (),
            guards=() if before is None else (Guard(trusted_network, before, dict(new)),),
            facts=() if fact is None else (fact,),
        )
        try:
            await means.store.commit(change)
        except Lost:
            continue
        return
    raise SIGN_IN_BUSY()
