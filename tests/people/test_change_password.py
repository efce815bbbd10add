"""One's own password: the present one is shown, another is set, and whoever else is signed in as one is signed out."""

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import authenticate_session, begin_reset, change_password, finish_reset, person_by_number
from tests.people.shop import PASSWORDS, WRONG, email_of

NEW = "four brown herons sing"


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code
    return told.value


async def lives(place, token):
    try:
        await authenticate_session(place.means, token)
    except Refused:
        return False
    return True


def change(place, made, present, new=NEW, **more):
    return change_password(place.means, made.session, password=Secret(present), new=Secret(new), **more)


async def signed_in(place, where):
    return await (place.office("80") if where == "office" else place.sign_in("80"))


@pytest.mark.parametrize("where", ["office", "till"])
async def test_the_new_one_opens_the_old_one_does_not_and_the_session_goes_on_under_another_token(place, where):
    made = await signed_in(place, where)
    others = [await place.office("80"), await place.sign_in("80", at="2"), await place.sign_in("80", at="3")]
    nobodys = await place.sign_in("01")
    token = (await change(place, made, PASSWORDS["80"])).reveal()
    assert await lives(place, token)
    assert not await lives(place, made.token.reveal())
    assert [await lives(place, one.token.reveal()) for one in others] == [False] * 3
    assert await lives(place, nobodys.token.reveal())
    assert (await authenticate_session(place.means, token))[0].id == made.session.id
    opens, stays = (place.office, place.sign_in) if where == "office" else (place.sign_in, place.office)
    with pytest.raises(Refused):
        await opens("80")
    await opens("80", NEW)
    await stays("80")


@pytest.mark.parametrize(("where", "tag"), [("office", "login.password_set"), ("till", "person.password_changed")])
async def test_it_is_a_fact_of_the_person_without_either_password(place, everything, where, tag):
    made = await signed_in(place, where)
    await change(place, made, PASSWORDS["80"])
    *_, leaf = await place.leaves()
    assert f'"type":"{tag}"' in leaf
    assert f'"actor":"{made.person.id}"' in leaf
    assert f'"subject":"{made.person.id}"' in leaf
    kept = await everything()
    assert NEW.encode() not in kept
    assert PASSWORDS["80"].encode() not in kept


@pytest.mark.parametrize(("where", "pause"), [("office", "CF-2020"), ("till", "CF-2002")])
async def test_a_wrong_present_one_changes_nothing_and_counts_like_a_wrong_sign_in(place, where, pause):
    made = await signed_in(place, where)
    for left in (4, 3, 2, 1):
        told = await refused("CF-2046", change(place, made, WRONG))
        assert told.fill == {"left": left}
    await refused(pause, change(place, made, WRONG))
    await refused(pause, change(place, made, PASSWORDS["80"]))
    await refused(pause, signed_in(place, where))
    assert await lives(place, made.token.reveal())


@pytest.mark.parametrize(
    ("where", "code", "new"),
    [
        ("office", "CF-2005", "too short"),
        ("office", "CF-2042", "password1234"),
        ("office", "CF-2042", "80@example.com"),
        ("till", "CF-2005", "too short"),
        ("till", "CF-2005", "482915"),
    ],
)
async def test_a_new_one_that_is_refused_spends_no_try(place, where, code, new):
    made = await signed_in(place, where)
    for _ in range(6):
        await refused(code, change(place, made, PASSWORDS["80"], new))
    assert await lives(place, made.token.reveal())
    await signed_in(place, where)


async def test_a_cashier_at_an_enrolled_terminal_may_have_digits_and_whoever_may_do_more_may_not(place):
    cashier = await place.sign_in("01")
    await change(place, cashier, PASSWORDS["01"], "482915", enrolled=True)
    supervisor = await place.sign_in("80")
    await refused("CF-2138", change(place, supervisor, PASSWORDS["80"], "482915", enrolled=True))


async def test_a_reset_that_was_begun_is_void_once_the_person_has_set_another(place):
    boss = (await place.office()).actor
    whose = (await person_by_number(place.means.store, place.merchant_id, "80")).id
    code = await begin_reset(place.means, boss, whose)
    await change(place, await place.office("80"), PASSWORDS["80"])
    late = finish_reset(
        place.means,
        merchant_id=place.merchant_id,
        email=email_of("80"),
        code=code.reveal(),
        new=Secret("another long one"),
    )
    await refused("CF-2043", late)


async def test_a_session_that_has_ended_changes_nothing(place):
    made = await place.office("80")
    await change(place, made, PASSWORDS["80"])
    other = await place.office("80", NEW)
    await change(place, other, NEW, "six grey geese are flying")
    await place.means.clock.advance(16 * 60)
    await refused("CF-2003", change(place, other, "six grey geese are flying", "seven more of them go by"))
