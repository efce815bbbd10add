"""A supervisor sets a cashier's new password, an administrator anybody's; the old one opens nothing from then on."""

import asyncio

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import authenticate_session, check_reset, reset_confirmed
from tests.people.shop import PASSWORDS, WRONG

NEW = "a new one, and long"


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code
    return told.value


async def lives(place, made):
    try:
        await authenticate_session(place.means, made.token.reveal())
    except Refused:
        return False
    return True


async def test_the_new_password_opens_and_the_old_one_does_not(place):
    assert (await place.reset("01", by="80", new=NEW)).number == "01"
    assert (await refused("CF-2001", place.sign_in("01"))).fill == {"left": 4}
    assert await lives(place, await place.sign_in("01", NEW))


async def test_a_reset_is_a_fact_that_names_both_and_no_password(place, everything):
    supervisor = (await place.sign_in("80")).person
    whose = await place.reset("01", by="80", new=NEW)
    *_, leaf = await place.leaves()
    assert '"type":"person.password_reset"' in leaf
    assert f'"actor":"{supervisor.id}"' in leaf
    assert f'"subject":"{whose.id}"' in leaf
    assert NEW.encode() not in await everything()


async def test_all_sessions_of_that_person_end_and_no_others(place):
    theirs = [await place.sign_in("01", at=at) for at in ("1", "2", "3")]
    others = [await place.sign_in(number) for number in ("02", "80")]
    await place.reset("01", by="80")
    assert [await lives(place, made) for made in theirs] == [False] * 3
    assert [await lives(place, made) for made in others] == [True] * 2


async def test_no_sign_in_at_the_same_moment_outlives_the_reset(place):
    at = ("1", "2", "3") * 2
    ended = await asyncio.gather(
        place.reset("01", by="80"), *(place.sign_in("01", at=each) for each in at), return_exceptions=True
    )
    assert not isinstance(ended[0], Exception)
    made = [each for each in ended[1:] if not isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in ended[1:] if isinstance(each, Exception))
    assert [await lives(place, each) for each in made] == [False] * len(made)


@pytest.mark.parametrize(
    ("by", "whose", "permission"),
    [("01", "02", "reset"), ("01", "01", "reset"), ("80", "80", "manage"), ("80", "99", "manage")],
)
async def test_who_may_not_is_refused_and_told_whom_to_ask(place, by, whose, permission):
    leaves = len(await place.leaves())
    told = await refused("CF-2021", place.reset(whose, by=by))
    assert told.tell("en").what.startswith(f"No permission to {permission}")
    assert len(await place.leaves()) == leaves
    await place.sign_in(whose)


@pytest.mark.parametrize("whose", ["01", "80", "99"])
async def test_an_administrator_resets_anybodys_own_too(place, whose):
    await place.reset(whose, by="99", new=NEW)
    await place.sign_in(whose, NEW)


async def test_a_number_nobody_has_is_named_only_to_who_may_reset(place):
    await refused("CF-2021", place.reset("77", by="01"))
    assert (await refused("CF-2018", place.reset("77", by="80"))).fill == {"number": "77"}


async def test_a_new_password_must_be_fit_to_be_one(place):
    await refused("CF-2005", place.reset("01", by="80", new="too short"))
    await place.sign_in("01")


async def test_wrong_tries_at_a_reset_count_against_who_resets(place):
    for left in (4, 3, 2, 1):
        assert (await refused("CF-2001", place.reset("01", by="80", password=WRONG))).fill == {"left": left}
    await refused("CF-2002", place.reset("01", by="80", password=WRONG))
    await refused("CF-2002", place.reset("01", by="80", password=PASSWORDS["80"]))
    await place.sign_in("01")


async def test_a_reset_leaves_a_pause_to_be_lifted(place):
    for _ in range(5):
        with pytest.raises(Refused):
            await place.sign_in("01", WRONG)
    await place.reset("01", by="80", new=NEW)
    await refused("CF-2002", place.sign_in("01", NEW))
    await place.lift("01", by="80")
    await place.sign_in("01", NEW)


async def test_another_merchants_person_is_not_reset(place, other):
    await place.reset("01", by="80", new=NEW)
    await other.sign_in("01")


@pytest.mark.parametrize("whose", ["01", "99"])
async def test_who_confirmed_it_in_the_office_sets_anybodys_own_too_and_all_their_sessions_end(place, whose):
    made, boss = await place.sign_in("01"), (await place.sign_in("99")).actor
    assert (await check_reset(place.means, boss, whose, Secret(NEW))).number == whose
    assert await lives(place, made)
    done = await reset_confirmed(place.means, boss, whose, Secret(NEW))
    assert (done.number, await lives(place, made)) == (whose, whose != "01")
    await refused("CF-2001", place.sign_in(whose))
    assert await lives(place, await place.sign_in(whose, NEW))
    *_, leaf = [one for one in await place.leaves() if "password_reset" in one]
    assert f'"actor":"{boss.person_id}"' in leaf


async def test_what_could_not_be_set_is_refused_before_it_is_shown_and_when_it_is_done(place):
    cashier, supervisor = [(await place.sign_in(number)).actor for number in ("01", "80")]
    for act in (check_reset, reset_confirmed):
        await refused("CF-2021", act(place.means, cashier, "02", Secret(NEW)))
        await refused("CF-2021", act(place.means, supervisor, "99", Secret(NEW)))
        await refused("CF-2018", act(place.means, supervisor, "55", Secret(NEW)))
        await refused("CF-2005", act(place.means, supervisor, "01", Secret("short")))
