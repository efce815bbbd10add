"""Wrong tries, however they are spread over operators, terminals, logins and addresses, never get through."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.basis import MICROS, Refused, Secret
from counterfoil.people import Permission, approve
from counterfoil.people.lock import LOCK_MICROS, TRIES_ANYWHERE_MAX, TRIES_MAX
from tests.people.shop import WRONG, opened

TRY = st.tuples(
    st.sampled_from(["01", "02", "80", "office 80", "office 99", "office nobody"]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["192.0.2.1", "192.0.2.2"]),
)


async def tried(place, who, at, address, password=WRONG):
    """The code a sign-in ends with; empty where it gets through."""
    try:
        if who.startswith("office "):
            await place.office(who[7:], password, address=address)
        else:
            await place.sign_in(who, password, at, address=address)
    except Refused as fault:
        return fault.kind.code
    return ""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(TRY, min_size=11, max_size=24))
async def test_no_spreading_gets_more_wrong_tries_answered_than_are_allowed(means, tries):
    place = await opened(means)
    here, anywhere, by_address = {}, {}, {}
    for who, at, address in tries:
        spot = who if who.startswith("office") else (who, at)
        paused = (
            here.get(spot, 0) >= TRIES_MAX
            or anywhere.get(who, 0) >= TRIES_ANYWHERE_MAX
            or by_address.get(address, 0) >= TRIES_ANYWHERE_MAX
        )
        code = await tried(place, who, at, address)
        assert (code in {"CF-2002", "CF-2020", "CF-2030"}) or not paused
        if paused:
            continue
        here[spot] = here.get(spot, 0) + 1
        anywhere[who] = anywhere.get(who, 0) + 1
        by_address[address] = by_address.get(address, 0) + 1
    for address, count in by_address.items():
        assert count <= TRIES_ANYWHERE_MAX
        if count == TRIES_ANYWHERE_MAX:
            assert await tried(place, "02", "3", address, None) in {"CF-2030", "CF-2002"}


async def test_after_ten_wrong_tries_at_many_terminals_a_number_is_paused_at_all_of_them(place):
    for at in ("1", "2"):
        for _ in range(4):
            assert await tried(place, "01", at, None) == "CF-2001"
    assert [await tried(place, "01", "3", None) for _ in range(2)] == ["CF-2001", "CF-2002"]
    for at in ("1", "2", "3"):
        assert await tried(place, "01", at, None, None) == "CF-2002"
    assert await tried(place, "02", "3", None, None) == ""
    await place.lift("01", by="80", at="2")
    assert await tried(place, "01", "2", None, None) == ""


async def test_after_ten_wrong_tries_an_address_waits_and_others_do_not(place):
    bad, good = "192.0.2.9", "192.0.2.10"
    for number in ("51", "52", "53", "54"):
        for _ in range(2):
            assert await tried(place, number, "1", bad) == "CF-2001"
    assert [await tried(place, f"office {n}", "1", bad) for n in ("99", "80")] == ["CF-2032", "CF-2030"]
    for who in ("01", "office 99"):
        assert await tried(place, who, "1", bad, None) == "CF-2030"
        assert await tried(place, who, "1", good, None) == ""
    cashier = (await place.sign_in("01", address=good)).actor
    asked = {"request_sha256": "0" * 64, "address": bad}
    with pytest.raises(Refused, match="CF-2030"):
        await approve(place.means, cashier, "80", Secret(WRONG), Permission.VOID, **asked)
    await place.means.clock.advance(LOCK_MICROS // MICROS)
    assert await tried(place, "01", "1", bad, None) == ""


async def test_who_is_right_in_the_end_takes_back_their_own_wrong_tries_only(place):
    address = "192.0.2.7"
    for _ in range(3):
        for number in ("61", "62"):
            assert await tried(place, number, "1", address) == "CF-2001"
        for _ in range(3):
            assert await tried(place, "01", "1", address) == "CF-2001"
        assert await tried(place, "01", "1", address, None) == ""
    for number in ("63", "64", "65"):
        assert await tried(place, number, "1", address) == "CF-2001"
    assert await tried(place, "66", "1", address) == "CF-2030"


async def test_tries_at_the_same_moment_from_one_address_pass_one_after_the_other(place):
    address = "192.0.2.8"
    tries = [tried(place, f"{number}", "1", address) for number in range(70, 82)]
    codes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(code == "CF-2001" for code in codes) <= TRIES_ANYWHERE_MAX
    assert "" not in codes
