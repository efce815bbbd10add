"""Roles given, taken, made and retired: nobody exceeds themselves, an administrator stays, and it counts at once."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.basis import Refused, Secret
from counterfoil.people import (
    ALLOWED,
    Actor,
    Held,
    NewPerson,
    Permission,
    Role,
    add_operator,
    administrators,
    alter_role,
    as_now,
    authenticate_session,
    close_login,
    demand_covers,
    end_grant,
    grant_role,
    grants_of,
    held_by,
    make_key,
    make_role,
    own_role_by_id,
    persons,
    retire_role,
    switch_operator,
)
from tests.people.shop import WRONG, email_of


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code


async def boss_of(place):
    return (await place.office()).actor


async def holder(place, boss, permissions, number="41", shop_id=None):
    """Somebody in the office with a role of exactly these permissions, beside the one to enter it."""
    role = await make_role(place.means, boss, f"role {number}", frozenset(permissions) | {Permission.OFFICE})
    new = NewPerson(
        number=number,
        name="某",
        role=role.id,
        password=Secret(WRONG),
        email=email_of(number),
        office_password=Secret(WRONG),
        shop_id=shop_id,
    )
    made = await add_operator(place.means, boss, new)
    return made, (await place.office(number, WRONG)).actor, role


def shop_ids(place):
    return sorted({shop.id for _, shop in place.terminals})


async def test_a_role_given_and_taken_counts_in_the_running_session(place):
    boss = await boss_of(place)
    cashier = await place.sign_in("01")
    given = await grant_role(place.means, boss, cashier.person.id, Role.SUPERVISOR)
    assert (await authenticate_session(place.means, cashier.token.reveal()))[1].may(Permission.REFUND)
    await grant_role(place.means, boss, cashier.person.id, Role.SUPERVISOR)
    await end_grant(place.means, boss, given.id)
    await end_grant(place.means, boss, given.id)
    assert not (await authenticate_session(place.means, cashier.token.reveal()))[1].may(Permission.REFUND)
    told = [leaf for leaf in await place.leaves() if '"grant.' in leaf and '"supervisor"' in leaf]
    assert [('"grant.made"' in leaf) for leaf in told if f'"subject":"{cashier.person.id}"' in leaf] == [True, False]


async def test_a_role_in_one_shop_counts_at_its_terminals_only(place):
    boss = await boss_of(place)
    cashier = await place.sign_in("01", at="1")
    await grant_role(place.means, boss, cashier.person.id, Role.SUPERVISOR, cashier.actor.here)
    assert (await place.sign_in("01", at="2")).actor.may(Permission.REFUND)
    away = (await place.sign_in("01", at="3")).actor
    assert not away.may(Permission.REFUND)
    assert away.may(Permission.REFUND, cashier.actor.here)
    assert away.shops_for(Permission.REFUND) == {cashier.actor.here}


async def test_an_approval_reaches_no_further_than_the_approvers_shops(place):
    boss = await boss_of(place)
    here = (await place.sign_in("01", at="1")).actor.here
    person, _, _ = await holder(place, boss, {Permission.VOID}, shop_id=here)
    assert person.number == "41"
    own = await place.settle("41", WRONG)
    cashier = (await place.sign_in("01", at="1")).actor
    allowed = await place.approve(cashier, "41", Permission.VOID, own)
    (elsewhere,) = set(shop_ids(place)) - {here}
    assert allowed.may(Permission.VOID)
    assert not allowed.may(Permission.VOID, elsewhere)
    with pytest.raises(Refused, match="CF-2021"):
        await place.approve((await place.sign_in("02", at="3")).actor, "41", Permission.VOID, own)


async def test_nobody_gives_makes_or_takes_what_they_lack(place):
    boss = await boss_of(place)
    powers = {Permission.GRANT_ROLES, Permission.MANAGE_ROLES, Permission.MANAGE_PEOPLE, Permission.TAKE}
    _, clerk, own = await holder(place, boss, powers)
    cashier = (await place.sign_in("01")).person.id
    means = place.means
    for role in set(Role):
        await refused("CF-2035", grant_role(means, clerk, cashier, role))
    await refused("CF-2035", grant_role(means, clerk, clerk.person_id, Role.ADMINISTRATOR))
    await refused("CF-2035", make_role(means, clerk, "more", {Permission.REFUND}))
    await refused("CF-2035", alter_role(means, clerk, own.id, "more", own.permissions | {Permission.VOID}))
    new = NewPerson(number="42", name="某", role=Role.SUPERVISOR, password=Secret(WRONG))
    await refused("CF-2035", add_operator(means, clerk, new))
    (theirs,) = await grants_of(means.store, place.merchant_id, boss.person_id)
    await refused("CF-2035", end_grant(means, clerk, theirs.id))
    await refused("CF-2035", switch_operator(means, clerk, boss.person_id, on=False))
    await refused("CF-2035", close_login(means, clerk, boss.person_id))
    assert await held_by(means.store, place.merchant_id, cashier) == Held(ALLOWED[Role.CASHIER])


async def test_somebody_who_gives_roles_in_one_shop_gives_none_elsewhere(place):
    boss = await boss_of(place)
    here, there = shop_ids(place)
    _, manager, _ = await holder(place, boss, {Permission.GRANT_ROLES, *ALLOWED[Role.CASHIER]}, shop_id=here)
    cashier = (await place.sign_in("01")).person.id
    await grant_role(place.means, manager, cashier, Role.CASHIER, here)
    await refused("CF-2012", grant_role(place.means, manager, cashier, Role.CASHIER, there))
    await refused("CF-2021", grant_role(place.means, manager, cashier, Role.CASHIER))


async def test_an_own_role_is_altered_and_retired_in_running_sessions(place):
    boss = await boss_of(place)
    _, clerk, role = await holder(place, boss, {Permission.READ, Permission.EXPORT})
    await alter_role(place.means, boss, role.id, "读", {Permission.READ, Permission.OFFICE})
    assert (await as_now(place.means, clerk)).permissions == {Permission.READ, Permission.OFFICE}
    await refused("CF-2038", make_role(place.means, boss, "读", {Permission.READ}))
    await refused("CF-2039", make_role(place.means, boss, "空", frozenset()))
    await retire_role(place.means, boss, role.id)
    await refused("CF-2037", retire_role(place.means, boss, role.id))
    assert (await as_now(place.means, clerk)).permissions == frozenset()
    await refused("CF-2037", grant_role(place.means, boss, clerk.person_id, role.id))
    assert "读" not in "".join(await place.leaves())


async def test_a_key_is_made_by_nobody_who_may_less_than_it(place):
    boss = await boss_of(place)
    _, clerk, _ = await holder(place, boss, {Permission.MANAGE_KEYS})
    await refused("CF-2035", make_key(place.means, clerk, label="x", owner_id=boss.person_id))


async def test_the_last_administrator_cannot_vanish(place):
    boss = await boss_of(place)
    means = place.means
    (own,) = await grants_of(means.store, place.merchant_id, boss.person_id)
    await refused("CF-2036", end_grant(means, boss, own.id))
    await refused("CF-2036", close_login(means, boss, boss.person_id))
    await refused("CF-2022", switch_operator(means, boss, boss.person_id, on=False))
    # Somebody with all its permissions in an own role is no administrator, and one without a login cannot come in.
    powers, other, _ = await holder(place, boss, set(Permission))
    await grant_role(means, boss, (await place.sign_in("80", at="3")).person.id, Role.ADMINISTRATOR, shop_ids(place)[0])
    await refused("CF-2036", switch_operator(means, other, boss.person_id, on=False))
    await grant_role(means, boss, powers.id, Role.ADMINISTRATOR)
    await end_grant(means, boss, own.id)
    assert await administrators(means, place.merchant_id) == {powers.id}
    await refused("CF-2021", grant_role(means, boss, boss.person_id, Role.ADMINISTRATOR))


async def test_of_several_who_take_it_from_each_other_at_once_one_administrator_remains(place):
    boss = await boss_of(place)
    means = place.means
    _, other, _ = await holder(place, boss, {Permission.READ}, number="42")
    _, third, _ = await holder(place, boss, {Permission.READ}, number="43")
    grants = [await grants_of(means.store, place.merchant_id, boss.person_id)]
    for one in (other, third):
        await grant_role(means, boss, one.person_id, Role.ADMINISTRATOR)
        grants.append(
            [
                each
                for each in await grants_of(means.store, place.merchant_id, one.person_id)
                if each.role == Role.ADMINISTRATOR
            ]
        )
    actors = [boss, (await place.office("42", WRONG)).actor, (await place.office("43", WRONG)).actor]
    taken = [end_grant(means, actor, grants[turn][0].id) for turn, actor in zip((1, 2, 0), actors, strict=True)]
    others = [actors[turn].person_id for turn in (2, 0, 1)]
    switched = [switch_operator(means, who, whom, on=False) for who, whom in zip(actors, others, strict=True)]
    closed = [close_login(means, actor, actor.person_id) for actor in actors]
    ends = await asyncio.gather(*taken, *switched, *closed, return_exceptions=True)
    assert all(end is None or isinstance(end, Refused) for end in ends), ends
    assert len(await administrators(means, place.merchant_id)) >= 1


async def test_an_administrator_of_another_merchant_reaches_nobody_here(place, other):
    foreign = await boss_of(other)
    mine = {each.id: each for each in await persons(place.means.store, place.merchant_id)}
    someone = next(iter(mine))
    await refused("CF-2018", grant_role(place.means, foreign, someone, Role.ADMINISTRATOR))
    await refused("CF-2018", switch_operator(place.means, foreign, someone, on=False))
    await refused("CF-2018", close_login(place.means, foreign, someone))
    (grant,) = await grants_of(place.means.store, place.merchant_id, someone)
    await refused("CF-2037", end_grant(place.means, foreign, grant.id))
    role = await make_role(place.means, await boss_of(place), "ours", {Permission.READ})
    await refused("CF-2037", alter_role(place.means, foreign, role.id, "theirs", {Permission.READ}))
    await refused("CF-2037", grant_role(other.means, foreign, foreign.person_id, role.id))
    assert (await own_role_by_id(place.means.store, place.merchant_id, role.id)).name == "ours"


SOME = st.frozensets(st.sampled_from(sorted(Permission)), max_size=8)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=SOME, made=SOME, where=st.sampled_from([None, 0, 1]))
async def test_no_chain_of_roles_gives_more_than_its_first_giver_held(place, mine, made, where):
    means, boss = place.means, await boss_of(place)
    number = f"{len(await persons(means.store, place.merchant_id)) + 10:02}"
    powers = mine | {Permission.GRANT_ROLES, Permission.MANAGE_ROLES}
    shop = None if where is None else shop_ids(place)[where]
    _, giver, _ = await holder(place, boss, powers, number=number, shop_id=shop)
    before = giver.held
    cashier = (await place.sign_in("02", at="3")).person.id
    had = await held_by(means.store, place.merchant_id, cashier)
    try:
        role = await make_role(means, giver, f"made {number}", made)
        await grant_role(means, giver, cashier, role.id, shop)
    except Refused:
        pass
    after = await held_by(means.store, place.merchant_id, cashier)
    both = Held(before.everywhere | had.everywhere, before.in_shops)
    assert both.covers(Held(after.everywhere, after.in_shops))


def test_covering_is_what_is_demanded():
    with pytest.raises(Refused, match="CF-2035"):
        demand_covers_of(frozenset({Permission.READ}), Held(frozenset({Permission.VOID})))
    demand_covers_of(frozenset({Permission.VOID}), Held(in_shops={"a": frozenset({Permission.VOID})}))


def demand_covers_of(permissions, others):
    demand_covers(Actor(merchant_id=1, person_id="p", permissions=permissions, auth="pin"), others)
