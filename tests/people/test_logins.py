"""The office login: one address a person, found without its text; a reset is begun by one and finished by another."""

import asyncio

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import (
    NewPerson,
    Permission,
    Role,
    add_operator,
    authenticate_session,
    begin_reset,
    change_email,
    close_login,
    email_of,
    finish_reset,
    login_of,
    make_role,
    open_login,
    person_by_number,
    switch_operator,
)
from counterfoil.people import email_of as normalised
from counterfoil.people.logins.strength import office_password
from tests.people.shop import PASSWORDS, WRONG
from tests.people.shop import email_of as address

NEW = "four brown herons sing"


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code
    return told.value


async def boss_of(place):
    return (await place.office()).actor


async def id_of(place, number):
    return (await person_by_number(place.means.store, place.merchant_id, number)).id


def finish(place, code, number="80", new=NEW):
    email = address(number)
    return finish_reset(place.means, merchant_id=place.merchant_id, email=email, code=code, new=Secret(new))


async def test_an_address_is_one_however_it_is_typed(place):
    for typed in (" 80@EXAMPLE.com ", "８０@example.com", "80@Example.COM"):
        made = await place.office("80", email=typed)
        assert made.person.number == "80"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@b",
        "@example.com",
        "a@@example.com",
        "a b@example.com",
        "a@.com.",
        "a@x..y",
        "a" * 65 + "@example.com",
        "a\u0000@example.com",
    ],
)
def test_what_cannot_be_an_address_is_refused(typed):
    with pytest.raises(Refused, match="CF-2031"):
        normalised(typed)
    assert email_of("Ａ@example.com") == "a@example.com"


async def test_nobody_learns_whether_an_address_is_somebodys(place):
    ours = await refused("CF-2032", place.office("80", WRONG))
    nobody = await refused("CF-2032", place.office(email="nobody@example.com", password=WRONG))
    no_address = await refused("CF-2032", place.office(email="no address at all", password=WRONG))
    for language in ("zh-CN", "en"):
        assert ours.tell(language) == nobody.tell(language) == no_address.tell(language)
    for _ in range(3):
        await refused("CF-2032", place.office(email="nobody@example.com", password=WRONG))
    await refused("CF-2020", place.office(email="nobody@example.com", password=WRONG))


async def test_an_address_stands_in_no_fact_and_no_column_but_its_own(place, everything):
    assert b"80@example.com" not in "".join(await place.leaves()).encode()
    login = await login_of(place.means.store, place.merchant_id, await id_of(place, "80"))
    assert login.email == "80@example.com"
    assert PASSWORDS["80"].encode() not in await everything()


async def test_an_address_signs_in_one_person(place):
    boss = await boss_of(place)
    whose = await id_of(place, "01")
    await refused("CF-2033", change_email(place.means, boss, whose, "80@EXAMPLE.com"))
    new = NewPerson(number=None, name="某", role=Role.AUDITOR, email="80@example.com")
    await refused("CF-2033", add_operator(place.means, boss, new))
    await refused("CF-2041", add_operator(place.means, boss, NewPerson(number=None, name="某", role=Role.AUDITOR)))
    ends = await asyncio.gather(
        change_email(place.means, boss, whose, "one@example.com"),
        change_email(place.means, boss, await id_of(place, "02"), "one@example.com"),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "Refused"]


async def test_another_address_takes_the_place_of_the_old_one(place):
    boss = await boss_of(place)
    await change_email(place.means, boss, await id_of(place, "80"), "Chef@Example.com")
    await refused("CF-2032", place.office("80"))
    assert (await place.office("80", email="chef@example.com")).person.number == "80"


async def test_a_reset_is_begun_by_one_and_finished_by_the_other(place):
    boss = await boss_of(place)
    before = await place.office("80")
    code = (await begin_reset(place.means, boss, before.person.id)).reveal()
    assert (await place.office("80")).person == before.person, "until it is finished the old password stays"
    await refused("CF-2043", finish(place, "AAAA-AAAA"))
    await refused("CF-2043", finish(place, code, "99"))
    await refused("CF-2005", finish(place, code, new="short"))
    await refused("CF-2042", finish(place, code, new="password1234"))
    await finish(place, code.lower().replace("-", " "))
    await refused("CF-2003", authenticate_session(place.means, before.token.reveal()))
    await refused("CF-2032", place.office("80"))
    assert (await place.office("80", NEW)).person.id == before.person.id
    await refused("CF-2043", finish(place, code))
    told = [leaf for leaf in await place.leaves() if "login.reset_begun" in leaf or "login.password_set" in leaf]
    by = (boss.person_id, before.person.id)
    assert all(f'"actor":"{who}"' in leaf for who, leaf in zip(by, told, strict=True))
    assert code not in "".join(await place.leaves())


async def test_a_reset_is_good_for_an_hour_and_the_newest_only(place):
    boss, whose = await boss_of(place), await id_of(place, "80")
    older = (await begin_reset(place.means, boss, whose)).reveal()
    newer = (await begin_reset(place.means, boss, whose)).reveal()
    await refused("CF-2043", finish(place, older))
    await place.means.clock.advance(3600)
    await refused("CF-2043", finish(place, newer))


async def test_of_two_who_finish_with_one_code_one_does(place):
    code = (await begin_reset(place.means, await boss_of(place), await id_of(place, "80"))).reveal()
    ends = await asyncio.gather(*(finish(place, code, new=f"{NEW} {n}") for n in range(3)), return_exceptions=True)
    assert sum(end is None for end in ends) == 1


async def test_a_reset_of_a_disabled_person_opens_nothing(place):
    boss, whose = await boss_of(place), await id_of(place, "80")
    code = (await begin_reset(place.means, boss, whose)).reveal()
    await switch_operator(place.means, boss, whose, on=False)
    await refused("CF-2043", finish(place, code))
    await refused("CF-2032", place.office("80"))
    await refused("CF-2018", begin_reset(place.means, boss, whose))


async def test_nobody_resets_who_may_more(place):
    boss = await boss_of(place)
    role = await make_role(
        place.means, boss, "r", {Permission.OFFICE, Permission.MANAGE_PEOPLE, Permission.RESET_PASSWORD}
    )
    new = NewPerson(number=None, name="某", role=role.id, email="clerk@example.com", office_password=Secret(NEW))
    await add_operator(place.means, boss, new)
    clerk = (await place.office(email="clerk@example.com", password=NEW)).actor
    await refused("CF-2035", begin_reset(place.means, clerk, boss.person_id))
    await refused("CF-2035", change_email(place.means, clerk, boss.person_id, "mine@example.com"))
    await refused("CF-2021", begin_reset(place.means, (await place.office("80")).actor, await id_of(place, "01")))


async def test_a_closed_login_ends_its_sessions_and_is_opened_again_with_a_code(place):
    boss = await boss_of(place)
    office, till = await place.office("80"), await place.sign_in("80")
    await close_login(place.means, boss, office.person.id)
    await refused("CF-2003", authenticate_session(place.means, office.token.reveal()))
    await authenticate_session(place.means, till.token.reveal())
    await refused("CF-2032", place.office("80"))
    await refused("CF-2034", close_login(place.means, boss, office.person.id))
    code = await open_login(place.means, boss, office.person.id, "80@example.com")
    await refused("CF-2032", place.office("80"))
    await finish(place, code.reveal())
    await place.office("80", NEW)


async def test_the_office_ends_after_a_quarter_of_an_hour_without_use(place):
    office = await place.office("80")
    await place.means.clock.advance(15 * 60 - 1)
    await authenticate_session(place.means, office.token.reveal())
    await place.means.clock.advance(15 * 60)
    await refused("CF-2003", authenticate_session(place.means, office.token.reveal()))


@pytest.mark.parametrize(
    "easy",
    [
        "password1234",
        "Passw0rd1234!",
        "qwertyuiop123",
        "aaaaaaaaaaaa",
        "iloveyouiloveyou",
        "123456789012",
        "boss@example.com",
        "Zhang Wei1234",
    ],
)
def test_an_easy_password_is_refused(easy):
    with pytest.raises(Refused, match="CF-2042"):
        office_password(Secret(easy), "boss@example.com", "Zhang Wei")


@pytest.mark.parametrize(
    "good", [NEW, "correct horse 12", "江南小馆今天吃什么好呢朋友", "x9#Lq2vT-81mZ", "a" * 60 + "bcde fgh and so on"]
)
def test_a_sentence_or_a_drawn_password_passes(good):
    assert office_password(Secret(good), "boss@example.com").reveal() == good
