"""Lists of trusted networks: tried, kept, gone back by themselves; nobody locks themselves out."""

from __future__ import annotations

import asyncio

import pytest

from counterfoil import people
from counterfoil.basis import Refused, address_of
from counterfoil.people import API, DANGER, OFFICE, PURPOSES

SHOP, OWNER, CAFE = address_of("10.1.2.3"), address_of("203.0.113.7"), address_of("198.51.100.9")
OWNERS = "203.0.113.0/24"


class Lists:
    """Short ways to set a merchant's lists as its administrator."""

    def __init__(self, place, actor):
        self.place, self.means, self.actor = place, place.means, actor

    async def attempt(self, purpose, typed, caller=OWNER):
        await people.try_networks(self.means, self.actor, purpose, people.read_networks(typed), caller)

    async def keep(self, purpose):
        await people.keep_networks(self.means, self.actor, purpose)

    async def back(self, purpose):
        await people.drop_trial(self.means, self.actor, purpose)

    async def lets_in(self, purpose, *callers):
        found = await people.trusted(self.means.store, self.place.merchant_id, purpose)
        return [found.lets_in(caller, self.means.clock.now()) for caller in callers]


@pytest.fixture
async def lists(place):
    return Lists(place, (await place.sign_in("99")).actor)


async def test_without_a_list_dangerous_acts_are_for_private_networks_and_the_rest_for_all(lists):
    for purpose in (OFFICE, API):
        assert await lists.lets_in(purpose, SHOP, CAFE, None) == [True, True, True]
    assert await lists.lets_in(DANGER, SHOP, CAFE, None) == [True, False, False]


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_a_list_on_trial_counts_at_once_and_no_more_after_a_minute(lists, purpose):
    before = await lists.lets_in(purpose, SHOP, OWNER, CAFE, None)
    await lists.attempt(purpose, OWNERS)
    assert await lists.lets_in(purpose, SHOP, OWNER, CAFE, None) == [False, True, False, False]
    await lists.means.clock.advance(59)
    assert await lists.lets_in(purpose, OWNER, CAFE) == [True, False]
    await lists.means.clock.advance(1)
    assert await lists.lets_in(purpose, SHOP, OWNER, CAFE, None) == before
    with pytest.raises(Refused, match="CF-2125"):
        await lists.keep(purpose)
    assert await lists.lets_in(purpose, SHOP, OWNER, CAFE, None) == before


async def test_a_list_that_is_confirmed_stays_and_a_second_word_says_so_plainly(lists):
    await lists.attempt(OFFICE, OWNERS)
    await lists.keep(OFFICE)
    await lists.means.clock.advance(3600)
    assert await lists.lets_in(OFFICE, OWNER, CAFE) == [True, False]
    with pytest.raises(Refused, match="CF-2125"):
        await lists.keep(OFFICE)


async def test_going_back_ends_the_trial_at_once_and_leaves_what_was_kept(lists):
    await lists.attempt(OFFICE, OWNERS)
    await lists.keep(OFFICE)
    await lists.attempt(OFFICE, f"{OWNERS} 198.51.100.0/24")
    assert await lists.lets_in(OFFICE, OWNER, CAFE) == [True, True]
    await lists.back(OFFICE)
    assert await lists.lets_in(OFFICE, OWNER, CAFE) == [True, False]
    await lists.back(OFFICE)


async def test_an_empty_list_is_the_default_again(lists):
    await lists.attempt(OFFICE, OWNERS)
    await lists.keep(OFFICE)
    await lists.attempt(OFFICE, "")
    await lists.keep(OFFICE)
    assert await lists.lets_in(OFFICE, OWNER, CAFE, None) == [True, True, True]


@pytest.mark.parametrize("purpose", [OFFICE, DANGER])
@pytest.mark.parametrize(("typed", "caller"), [("10.0.0.0/8", OWNER), (OWNERS, None), ("2001:db8::/32", SHOP)])
async def test_whoever_would_be_outside_is_told_and_nothing_changes(lists, purpose, typed, caller):
    before = await lists.place.leaves()
    with pytest.raises(Refused, match="CF-2124"):
        await lists.attempt(purpose, typed, caller)
    assert await lists.place.leaves() == before


async def test_who_sits_in_the_office_need_not_be_in_the_list_of_the_api(lists):
    await lists.attempt(API, "192.0.2.0/28")
    await lists.keep(API)
    assert await lists.lets_in(API, address_of("192.0.2.3"), OWNER) == [True, False]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10.0.0.7/8", "CF-2123"),
        ("10.0.0.0/8\nlan", "CF-2123"),
        ("10.0.0.0/33", "CF-2123"),
        ("x" * 5000, "CF-2123"),
        (" ".join(f"10.{n}.0.0/16" for n in range(65)), "CF-2126"),
    ],
)
def test_what_is_no_list_is_refused_by_what_is_wrong_with_it(typed, code):
    with pytest.raises(Refused, match=code):
        people.read_networks(typed)


def test_people_write_lists_in_many_ways():
    read = people.read_networks("10.0.0.0/8,  192.168.0.0/16；\n203.0.113.7\t2001:db8::/32，10.0.0.0/8")
    assert read.texts() == ["10.0.0.0/8", "192.168.0.0/16", "203.0.113.7", "2001:db8::/32"]


async def test_only_who_may_changes_a_list(lists, place):
    for number in ("01", "80"):
        actor = (await place.sign_in(number)).actor
        for act in (
            people.try_networks(place.means, actor, OFFICE, people.read_networks(OWNERS), OWNER),
            people.keep_networks(place.means, actor, OFFICE),
            people.drop_trial(place.means, actor, OFFICE),
        ):
            with pytest.raises(Refused, match="CF-2021"):
                await act
    assert await lists.lets_in(OFFICE, CAFE) == [True]


async def test_another_merchant_s_list_is_another(lists, other):
    await lists.attempt(OFFICE, OWNERS)
    await lists.keep(OFFICE)
    theirs = await people.trusted(other.means.store, other.merchant_id, OFFICE)
    assert theirs.lets_in(CAFE, other.means.clock.now())


async def test_of_two_at_the_same_moment_one_list_counts_whole(lists):
    await asyncio.gather(lists.attempt(OFFICE, OWNERS), lists.attempt(OFFICE, "203.0.113.7"))
    await lists.keep(OFFICE)
    found = await people.trusted(lists.means.store, lists.place.merchant_id, OFFICE)
    assert found.networks.texts() in (["203.0.113.0/24"], ["203.0.113.7"])


async def test_each_step_is_a_fact_with_its_list(lists):
    await lists.attempt(DANGER, OWNERS)
    await lists.keep(DANGER)
    await people.reset_networks(lists.means, lists.place.merchant_id)
    tried, kept, reset = (await lists.place.leaves())[-3:]
    assert '"type":"networks.tried"' in tried
    assert '"type":"networks.set"' in kept
    assert '"networks":"203.0.113.0/24"' in kept
    assert '"type":"networks.reset"' in reset
    assert await lists.lets_in(DANGER, SHOP, OWNER) == [True, False]
