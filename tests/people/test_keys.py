import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.basis import MICROS, NOWHERE, Networks, Refused, address_of
from counterfoil.people import (
    API,
    KEY_WRONG,
    Permission,
    authenticate_key,
    keep_networks,
    key_by_id,
    make_key,
    switch_key,
    try_networks,
)
from counterfoil.people.shapes import digest

HERE, ELSEWHERE = address_of("10.1.2.3"), address_of("198.51.100.9")
LAN = Networks.read(["10.0.0.0/8"])


async def refused(code, attempt):
    with pytest.raises(Refused) as told:
        await attempt
    assert told.value.kind.code == code


async def made(place, owner="99", **more):
    admin = (await place.sign_in("99")).actor
    owner_id = (await place.sign_in(owner)).person.id
    return await make_key(place.means, admin, label="收银系统", owner_id=owner_id, **more)


async def test_a_key_pays_and_reads_unless_it_says_more(place):
    key, secret = await made(place)
    actor = await authenticate_key(place.means, secret.reveal(), HERE)
    assert secret.reveal().startswith(f"cf_{place.merchant_id}_")
    assert key.scopes == ("pay", "read")
    assert actor.person_id == key.owner_id
    assert actor.permissions == {Permission.TAKE, Permission.WITHDRAW, Permission.READ}
    assert (actor.auth, actor.terminal_id, actor.shop_ids) == ("key", None, None)
    assert '"type":"key.made"' in (await place.leaves())[-1]


@pytest.mark.parametrize(
    ("scope", "permissions"),
    [
        ("pay", {Permission.TAKE, Permission.WITHDRAW}),
        ("read", {Permission.READ}),
        ("refund", {Permission.REFUND}),
        ("void", {Permission.VOID}),
    ],
)
async def test_a_scope_allows_what_it_says_and_no_more(place, scope, permissions):
    _, secret = await made(place, scopes=(scope,))
    assert (await authenticate_key(place.means, secret.reveal(), HERE)).permissions == permissions


async def test_a_key_may_no_more_than_its_owner(place):
    _, secret = await made(place, owner="01", scopes=("read", "refund", "void"))
    assert (await authenticate_key(place.means, secret.reveal(), HERE)).permissions == {Permission.READ}


async def test_a_key_is_for_its_shops(place):
    shop_id = place.terminals[0][1].id
    _, secret = await made(place, shop_ids=frozenset({shop_id}))
    assert (await authenticate_key(place.means, secret.reveal(), HERE)).shop_ids == {shop_id}


async def test_a_key_is_refused_for_what_is_not_there(place, other):
    foreign = other.terminals[0][1].id
    await refused("CF-2009", made(place, shop_ids=frozenset({foreign})))
    await refused("CF-2009", made(place, shop_ids=frozenset()))
    await refused("CF-2013", made(place, scopes=()))
    await refused("CF-2013", made(place, scopes=("read", "everything")))
    admin, owner = (await place.sign_in("99")).actor, (await other.sign_in("01")).person.id
    await refused("CF-2015", make_key(place.means, admin, label="x", owner_id=owner))
    await refused("CF-2014", make_key(place.means, admin, label="", owner_id=admin.person_id))


@pytest.mark.parametrize("number", ["01", "80"])
async def test_only_an_administrator_makes_keys(place, number):
    actor = (await place.sign_in(number)).actor
    before = await place.leaves()
    await refused("CF-2021", make_key(place.means, actor, label="x", owner_id=actor.person_id))
    assert await place.leaves() == before


async def test_another_merchants_key_is_refused_like_any_wrong_one(place, other):
    _, secret = await made(other)
    await authenticate_key(place.means, secret.reveal(), HERE)
    tail = secret.reveal().removeprefix(f"cf_{other.merchant_id}_")
    await refused(KEY_WRONG.code, authenticate_key(place.means, f"cf_{place.merchant_id}_{tail}", HERE))


async def test_a_token_is_no_key(place):
    token = (await place.sign_in()).token.reveal()
    await refused(KEY_WRONG.code, authenticate_key(place.means, token, HERE))


async def test_only_the_digest_of_a_key_is_kept(place, everything):
    _, secret = await made(place)
    held = await everything()
    assert secret.reveal().removeprefix(f"cf_{place.merchant_id}_").encode() not in held
    assert digest(secret).encode() in held


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.text() | st.from_regex(r"\Acf_[0-9]{1,12}_[A-Za-z0-9_-]{43}\Z"))
async def test_no_made_up_key_opens_anything(place, key):
    await refused(KEY_WRONG.code, authenticate_key(place.means, key, HERE))


async def test_an_expired_key_is_refused_to_the_moment(place):
    until = place.means.clock.now() + 3600 * MICROS
    key, secret = await made(place, expires_at=until)
    await place.means.clock.advance(3599)
    await authenticate_key(place.means, secret.reveal(), HERE)
    await place.means.clock.advance(1)
    await refused("CF-2170", authenticate_key(place.means, secret.reveal(), HERE))
    assert not key.works(place.means.clock.now())
    await refused("CF-2173", made(place, expires_at=until))


@pytest.mark.parametrize(
    ("of_merchant", "of_key", "caller", "code"),
    [
        (NOWHERE, NOWHERE, ELSEWHERE, None),
        (NOWHERE, NOWHERE, None, None),
        (NOWHERE, LAN, HERE, None),
        (NOWHERE, LAN, address_of("::ffff:10.1.2.3"), None),
        (NOWHERE, LAN, ELSEWHERE, "CF-2171"),
        (NOWHERE, LAN, None, "CF-2171"),
        (LAN, NOWHERE, HERE, None),
        (LAN, NOWHERE, ELSEWHERE, "CF-2121"),
        (LAN, Networks.read(["198.51.100.0/24"]), ELSEWHERE, "CF-2121"),
        (LAN, Networks.read(["10.9.0.0/16"]), HERE, "CF-2171"),
    ],
)
async def test_a_key_is_used_from_where_both_lists_allow(place, of_merchant, of_key, caller, code):
    _, secret = await made(place, networks=of_key)
    if of_merchant:
        admin = (await place.sign_in("99")).actor
        await try_networks(place.means, admin, API, of_merchant, HERE)
        await keep_networks(place.means, admin, API)
    if code:
        await refused(code, authenticate_key(place.means, secret.reveal(), caller))
    else:
        await authenticate_key(place.means, secret.reveal(), caller)


async def test_a_key_switched_off_opens_nothing_from_that_moment(place):
    admin = (await place.sign_in("99")).actor
    key, secret = await made(place)
    await authenticate_key(place.means, secret.reveal(), HERE)
    await switch_key(place.means, admin, key.id, on=False)
    await refused(KEY_WRONG.code, authenticate_key(place.means, secret.reveal(), HERE))
    assert '"type":"key.disabled"' in (await place.leaves())[-1]
    await switch_key(place.means, admin, key.id, on=True)
    await authenticate_key(place.means, secret.reveal(), HERE)
    assert '"type":"key.enabled"' in (await place.leaves())[-1]


async def test_keys_are_switched_by_administrators_and_only_those_of_the_merchant(place, other):
    key, _ = await made(place)
    await refused("CF-2021", switch_key(place.means, (await place.sign_in("80")).actor, key.id, on=False))
    await refused("CF-2172", switch_key(place.means, (await other.sign_in("99")).actor, key.id, on=False))


async def test_the_last_use_is_written_at_most_once_a_minute_and_is_no_fact(place):
    key, secret = await made(place)
    leaves, seen = await place.leaves(), []
    for seconds in (0, 59, 1, 30):
        await place.means.clock.advance(seconds)
        await authenticate_key(place.means, secret.reveal(), HERE)
        seen.append((await key_by_id(place.means.store, place.merchant_id, key.id)).used_at)
    first = seen[0]
    assert seen == [first, first, first + 60 * MICROS, first + 60 * MICROS]
    assert await place.leaves() == leaves
