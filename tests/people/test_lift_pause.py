"""A pause is lifted from the office by an administrator: of a login, of a number wherever it is, of an address."""

import asyncio

import pytest

from counterfoil.basis import Refused
from counterfoil.people import lift_pause, pauses_of, person_by_number
from tests.people.shop import WRONG

FROM = "203.0.113.9"


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code


async def id_of(place, number):
    return (await person_by_number(place.means.store, place.merchant_id, number)).id


async def boss_of(place):
    return (await place.office()).actor


async def pauses(place, number):
    return await pauses_of(place.means, place.merchant_id, await id_of(place, number))


async def wrong(place, times, code, sign_in):
    for _ in range(times):
        await refused(code, sign_in())


async def test_a_login_that_is_paused_signs_in_once_it_is_lifted_and_the_count_begins_anew(place):
    boss = await boss_of(place)
    await wrong(place, 4, "CF-2032", lambda: place.office("80", WRONG))
    await refused("CF-2020", place.office("80", WRONG))
    (pause,) = await pauses(place, "80")
    assert (pause.where, pause.address, pause.number) == ("office", None, None)
    assert await pauses(place, "01") == []
    whose = await id_of(place, "80")
    await lift_pause(place.means, boss, whose, pause.id)
    *_, leaf = await place.leaves()
    assert '"type":"person.lock_lifted"' in leaf
    assert '"pause":"office"' in leaf
    assert f'"actor":"{boss.person_id}"' in leaf
    assert f'"subject":"{whose}"' in leaf
    assert await pauses(place, "80") == []
    await wrong(place, 4, "CF-2032", lambda: place.office("80", WRONG))
    await place.office("80")


async def test_a_till_number_is_lifted_at_the_terminal_where_it_is_paused(place):
    boss = await boss_of(place)
    await wrong(place, 4, "CF-2001", lambda: place.sign_in("01", WRONG))
    await refused("CF-2002", place.sign_in("01", WRONG))
    (pause,) = await pauses(place, "01")
    assert (pause.where, pause.number, pause.terminal_id) == ("till", "01", place.at("1"))
    await lift_pause(place.means, boss, await id_of(place, "01"), pause.id)
    await place.sign_in("01")


async def test_an_address_is_lifted_and_stands_in_no_fact(place):
    boss = await boss_of(place)
    for number in ("01", "02", "03"):
        for _ in range(4 if number != "03" else 2):
            with pytest.raises(Refused):
                await place.sign_in(number, WRONG, address=FROM)
    await refused("CF-2030", place.sign_in("80", address=FROM))
    (pause,) = await pauses(place, "80")
    assert (pause.where, pause.address) == ("address", FROM)
    await lift_pause(place.means, boss, await id_of(place, "80"), pause.id)
    await place.sign_in("80", address=FROM)
    lifted = [leaf for leaf in await place.leaves() if '"type":"person.lock_lifted"' in leaf]
    assert len(lifted) == 1
    assert '"pause":"address"' in lifted[0]
    assert FROM not in "".join(await place.leaves())


async def test_whoever_may_not_lifts_nothing_and_of_two_one_is_told_that_it_is_over(place):
    boss = await boss_of(place)
    supervisor = (await place.office("80")).actor
    await wrong(place, 4, "CF-2032", lambda: place.office("99", WRONG))
    await refused("CF-2020", place.office("99", WRONG))
    whose = await id_of(place, "99")
    (pause,) = await pauses(place, "99")
    await refused("CF-2021", lift_pause(place.means, supervisor, whose, pause.id))
    await refused("CF-2047", lift_pause(place.means, boss, await id_of(place, "01"), pause.id))
    both = (lift_pause(place.means, boss, whose, pause.id) for _ in range(2))
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "Refused"]


async def test_a_pause_that_has_ended_by_itself_is_none(place):
    await wrong(place, 4, "CF-2001", lambda: place.sign_in("01", WRONG))
    await refused("CF-2002", place.sign_in("01", WRONG))
    (pause,) = await pauses(place, "01")
    await place.means.clock.advance(31 * 60)
    assert await pauses(place, "01") == []
    await refused("CF-2047", lift_pause(place.means, await boss_of(place), await id_of(place, "01"), pause.id))
