"""A terminal known by its device's key: the window, the words, signed forms, revoking, and short till passwords."""

import asyncio
import json
from dataclasses import replace

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import (
    ENROLLED,
    FORKED,
    P256,
    REVOKED,
    Role,
    admit,
    at_terminal,
    authenticate_session,
    close_window,
    confirm_key,
    device_key,
    enrolment_of,
    grant_role,
    hand_in,
    open_window,
    reset_password,
    revoke_key,
    set_only_enrolled,
    sign_in,
    six_words,
    window_of,
)
from tests.people.devices import Device
from tests.people.shop import PASSWORDS


@pytest.fixture
async def boss(place):
    return (await place.office()).actor


async def enrol(place, boss, device, at="1"):
    opened = await open_window(place.means, boss, place.at(at))
    made = await hand_in(place.means, place.merchant_id, place.at(at), opened.code.reveal(), device.key)
    await confirm_key(place.means, boss, place.at(at), device.key.sha256)
    return made


async def refused(code, doing):
    with pytest.raises(Refused) as caught:
        await doing
    assert caught.value.kind.code == code
    return caught.value


async def facts(place, kind):
    return [leaf for leaf in map(json.loads, await place.leaves()) if leaf["type"] == kind]


def admitted(place, signed, at="1"):
    return admit(place.means, place.merchant_id, place.at(at), signed)


@pytest.mark.parametrize("algorithm", ["Ed25519", P256])
async def test_a_confirmed_key_signs_and_both_sides_see_the_same_six_words(place, boss, algorithm):
    device = Device(algorithm)
    opened = await open_window(place.means, boss, place.at("1"))
    at_device = await hand_in(place.means, place.merchant_id, place.at("1"), opened.code.reveal(), device.key)
    in_office = await window_of(place.means.store, place.merchant_id, place.at("1"), place.means.clock.now())
    assert at_device.words == in_office.words
    assert len(in_office.words.zh) == len(in_office.words.en) == 6
    await confirm_key(place.means, boss, place.at("1"), device.key.sha256)
    assert await admitted(place, device.sign(place))
    known = await enrolment_of(place.means.store, place.merchant_id, place.at("1"))
    assert (known.state, known.key.algorithm) == (ENROLLED, algorithm)
    (fact,) = await facts(place, "terminal.enrolled")
    assert (fact["subject"], fact["key_sha256"], fact["algorithm"]) == (place.at("1"), device.key.sha256, algorithm)


def test_other_keys_and_other_windows_have_other_words():
    one = six_words("00" * 32, "00" * 16)
    assert one != six_words("01" * 32, "00" * 16)
    assert one != six_words("00" * 32, "01" * 16)


async def test_a_handed_in_key_is_worth_nothing_before_it_is_confirmed(place, boss):
    device = Device()
    opened = await open_window(place.means, boss, place.at("1"))
    await hand_in(place.means, place.merchant_id, place.at("1"), opened.code.reveal(), device.key)
    assert not await admitted(place, None)
    await refused("CF-2130", confirm_key(place.means, boss, place.at("1"), Device().key.sha256))


async def test_a_code_counts_once_and_for_ten_minutes(place, boss):
    at, merchant = place.at("1"), place.merchant_id
    opened = await open_window(place.means, boss, at)
    await hand_in(place.means, merchant, at, f"{opened.code.reveal()[:4]} {opened.code.reveal()[4:]}", Device().key)
    await refused("CF-2128", hand_in(place.means, merchant, at, opened.code.reveal(), Device().key))
    opened = await open_window(place.means, boss, at)
    await place.means.clock.advance(600)
    await refused("CF-2128", hand_in(place.means, merchant, at, opened.code.reveal(), Device().key))
    assert await window_of(place.means.store, merchant, at, place.means.clock.now()) is None


async def test_five_wrong_codes_end_the_window_however_they_come(place, boss, everything):
    at = place.at("1")
    opened = await open_window(place.means, boss, at)
    wrong = "x" + opened.code.reveal()

    async def guess():
        with pytest.raises(Refused) as caught:
            await hand_in(place.means, place.merchant_id, at, wrong, Device().key)
        return caught.value.kind.code

    codes = await asyncio.gather(*(guess() for _ in range(5)))
    assert sorted(codes) == ["CF-2127"] * 4 + ["CF-2128"]
    await refused("CF-2128", hand_in(place.means, place.merchant_id, at, opened.code.reveal(), Device().key))
    (fact,) = await facts(place, "terminal.enrol_ended")
    assert fact["why"] == "tries"
    assert opened.code.reveal().encode() not in await everything()


async def test_words_that_differ_end_the_window(place, boss):
    opened = await open_window(place.means, boss, place.at("1"))
    device = Device()
    await hand_in(place.means, place.merchant_id, place.at("1"), opened.code.reveal(), device.key)
    await close_window(place.means, boss, place.at("1"))
    await refused("CF-2130", confirm_key(place.means, boss, place.at("1"), device.key.sha256))


async def test_only_who_may_enrol_opens_confirms_and_revokes(place):
    supervisor = (await place.office("80")).actor
    at = place.at("1")
    await refused("CF-2021", open_window(place.means, supervisor, at))
    await refused("CF-2021", confirm_key(place.means, supervisor, at, "00"))
    await refused("CF-2021", revoke_key(place.means, supervisor, at))
    await refused("CF-2021", set_only_enrolled(place.means, supervisor, on=True))


async def test_a_shop_manager_enrols_in_their_own_shop_only(place, boss):
    person = (await place.office("80")).person
    here = next(shop.id for terminal, shop in place.terminals if terminal.number == "1")
    await grant_role(place.means, boss, person.id, Role.SHOP_MANAGER, here)
    manager = (await place.office("80")).actor
    assert await open_window(place.means, manager, place.at("1"))
    await refused("CF-2012", open_window(place.means, manager, place.at("3")))


async def test_another_merchants_administrator_reaches_no_terminal_here(place, other):
    theirs = (await other.office()).actor
    await refused("CF-2008", open_window(place.means, theirs, place.at("1")))
    await refused("CF-2008", revoke_key(place.means, theirs, place.at("1")))


@pytest.mark.parametrize(
    ("algorithm", "public"), [("Ed25519", "AAAA"), ("ECDSA-P256", "BAAA"), ("RSA", "x"), ("Ed25519", "é")]
)
def test_what_is_no_key_is_refused(algorithm, public):
    with pytest.raises(Refused) as caught:
        device_key(algorithm, public)
    assert caught.value.kind.code == "CF-2129"


async def test_unsigned_altered_and_foreign_forms_are_refused_at_an_enrolled_terminal(place, boss):
    device = Device()
    await enrol(place, boss, device)
    signed = device.sign(place)
    await refused("CF-2131", admitted(place, None))
    for altered in (
        replace(signed, body_sha256="0" * 64),
        replace(signed, path="/till/other"),
        replace(signed, method="PUT"),
        replace(signed, counter=signed.counter + 1),
        replace(signed, signature="no"),
        Device().sign(place),
        device.sign(place, at="2"),
    ):
        await refused("CF-2132", admitted(place, altered))
    assert await admitted(place, signed)
    assert not await admitted(place, None, at="2")


async def test_a_form_sent_twice_or_late_is_refused_and_locks_nothing(place, boss):
    device = Device()
    await enrol(place, boss, device)
    first, second, third = (device.sign(place, body=f"n={n}".encode()) for n in range(3))
    assert await admitted(place, first)
    assert await admitted(place, third)
    await refused("CF-2133", admitted(place, first))
    await refused("CF-2133", admitted(place, second))
    assert await admitted(place, device.sign(place))


async def test_of_the_same_form_at_once_one_passes(place, boss):
    device = Device()
    await enrol(place, boss, device)
    signed = device.sign(place)
    done = await asyncio.gather(*(admitted(place, signed) for _ in range(4)), return_exceptions=True)
    assert [one for one in done if one is True] == [True]
    assert {one.kind.code for one in done if one is not True} == {"CF-2133"}


async def test_two_devices_with_one_key_are_both_locked_and_it_is_a_fact(place, boss):
    device = Device()
    await enrol(place, boss, device)
    session = await place.sign_in("01")
    assert await admitted(place, device.sign(place, counter=7))
    await refused("CF-2134", admitted(place, device.sign(place, counter=7, body=b"other")))
    await refused("CF-2134", admitted(place, device.sign(place, counter=8)))
    (fact,) = await facts(place, "terminal.forked")
    assert (fact["counter"], fact["key_sha256"]) == (7, device.key.sha256)
    assert (await enrolment_of(place.means.store, place.merchant_id, place.at("1"))).state == FORKED
    await refused("CF-2003", authenticate_session(place.means, session.token.reveal()))


async def test_a_lost_terminal_is_revoked_at_once_and_can_be_enrolled_again(place, boss):
    lost, new = Device(), Device()
    await enrol(place, boss, lost)
    session = await place.sign_in("01")
    await revoke_key(place.means, boss, place.at("1"))
    await refused("CF-2135", admitted(place, lost.sign(place)))
    await refused("CF-2135", admitted(place, None))
    await refused("CF-2003", authenticate_session(place.means, session.token.reveal()))
    await refused("CF-2139", revoke_key(place.means, boss, place.at("1")))
    assert (await enrolment_of(place.means.store, place.merchant_id, place.at("1"))).state == REVOKED
    await enrol(place, boss, new)
    await refused("CF-2132", admitted(place, lost.sign(place)))
    assert await admitted(place, new.sign(place))


async def test_where_all_must_be_enrolled_no_other_terminal_takes_a_form(place, boss):
    assert not await admitted(place, None)
    await set_only_enrolled(place.means, boss, on=True)
    await set_only_enrolled(place.means, boss, on=True)
    await refused("CF-2136", admitted(place, None))
    await set_only_enrolled(place.means, boss, on=False)
    assert not await admitted(place, None)
    assert [fact["only_enrolled"] for fact in await facts(place, "tills.rule_set")] == [True, False]


async def _reset(place, whose, new, *, enrolled):
    shown = Secret(PASSWORDS["80" if whose == "01" else "99"])
    by = "80" if whose == "01" else "99"
    proof = await at_terminal(place.means, place.merchant_id, place.at("1"), number=by, password=shown)
    await reset_password(place.means, proof, whose, Secret(new), enrolled=enrolled)


async def _in(place, number, password, *, enrolled):
    return await sign_in(
        place.means,
        merchant_id=place.merchant_id,
        terminal_id=place.at("1"),
        number=number,
        password=Secret(password),
        enrolled=enrolled,
    )


async def test_a_cashiers_short_password_counts_at_an_enrolled_terminal_only(place):
    await refused("CF-2005", _reset(place, "01", "736194", enrolled=False))
    for short in ("123", "123456789"):
        await refused("CF-2005", _reset(place, "01", short, enrolled=True))
    await _reset(place, "01", "736194", enrolled=True)
    await refused("CF-2001", _in(place, "01", "736194", enrolled=False))
    assert (await _in(place, "01", "736194", enrolled=True)).person.number == "01"


@pytest.mark.parametrize(
    "easy",
    [
        *("0000", "8888", "99999999", "1234", "654321", "09876543"),
        *("1212", "838383", "123123", "47114711", "1122", "884411"),
        *("1950", "1988", "2026", "2035", "2580", "1314", "5201314", "159753", "102030"),
        *("0101", "0100", "00001", "2222", "200000"),
    ],
)
async def test_digits_that_are_tried_first_are_nobodys_password(place, easy):
    # The cashier is number 01, and stands at terminal 2.
    at = await at_terminal(place.means, place.merchant_id, place.at("2"), number="80", password=Secret(PASSWORDS["80"]))
    await refused("CF-2137", reset_password(place.means, at, "01", Secret(easy), enrolled=True))


@pytest.mark.parametrize("digits", ["1949", "2036", "7361", "52819", "736194", "19890604", "0412", "1231"])
async def test_digits_that_are_no_such_thing_may_be_one(place, digits):
    await _reset(place, "01", digits, enrolled=True)
    assert (await _in(place, "01", digits, enrolled=True)).person.number == "01"


@pytest.mark.parametrize("easy", ["password1234", "counterfoil2", "123456789012", "qwertyuiop12"])
async def test_a_long_till_password_is_held_against_what_leaked_as_one_of_the_office_is(place, easy):
    await refused("CF-2042", _reset(place, "01", easy, enrolled=False))


async def test_whoever_may_do_what_is_dangerous_has_no_short_password(place, boss):
    await refused("CF-2138", _reset(place, "80", "736194", enrolled=True))
    await _reset(place, "01", "736194", enrolled=True)
    person = (await _in(place, "01", "736194", enrolled=True)).person
    await grant_role(place.means, boss, person.id, Role.SUPERVISOR)
    await refused("CF-2138", _in(place, "01", "736194", enrolled=True))


async def test_short_passwords_are_locked_like_any_other(place):
    await _reset(place, "01", "736194", enrolled=True)
    for left in (4, 3, 2, 1):
        assert (await refused("CF-2001", _in(place, "01", "736195", enrolled=True))).fill["left"] == left
    await refused("CF-2002", _in(place, "01", "736195", enrolled=True))
    await refused("CF-2002", _in(place, "01", "736194", enrolled=True))
