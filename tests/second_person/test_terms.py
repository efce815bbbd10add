"""How many have to approve, from when, and who still counts: too few others, a raised rule, somebody taken out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from counterfoil.people import Act, Role, Rule, close_login, end_grant, grants_of, set_policy, switch_operator
from counterfoil.second_person import COOLING_MICROS, GONE_MICROS, RequestState, approve_request, inbox, request_by_id
from tests.factors.people import another_administrator
from tests.factors.refusing import refused
from tests.second_person.asking import Side

DAY = 24 * 3600
WEEK = GONE_MICROS // 1_000_000


@pytest.fixture
async def third(asker, second, factors, place):
    """One more who may approve."""
    return Side(await another_administrator(asker.desk, factors, place, "97"))


async def set_rule(side, persons, roles=(Role.ADMINISTRATOR.value,)):
    """The rule about rules, as if somebody else had approved it."""
    rule = Rule(act=Act.SET_POLICY, persons=persons, roles=roles)
    await set_policy(side.means.people, replace(side.actor, approvals=2), rule)


def approving(side, request, deed):
    actor = replace(side.actor, deed_sha256=deed.sha256())
    return approve_request(side.means, actor, request.id, side.means.ids.uuid())


async def test_where_two_are_needed_and_one_is_there_that_one_approves_after_the_cooling_off(asker, second, place):
    await set_rule(asker, 2)
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    assert (request.persons, request.alone, request.cools) == (1, False, True)
    assert request.ripe_at - request.asked_at == COOLING_MICROS
    await refused("CF-2152", approving(asker, request, deed))
    await refused("CF-2158", approving(second, request, deed))
    await asker.means.clock.advance(DAY)
    await refused("CF-2152", approving(asker, request, deed))
    assert (await approving(second, request, deed)).state is RequestState.APPROVED
    (asked,) = [said for leaf in await place.leaves() if (said := json.loads(leaf))["type"] == "request.asked"]
    assert (asked["needed"], asked["persons"], asked["alone"]) == (2, 1, False)
    assert asked["ripe"] > asked["ts"]


async def test_a_rule_raised_after_the_asking_holds_at_the_approval(asker, second, third):
    await set_rule(asker, 1)
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    assert request.persons == 1
    await set_rule(asker, 2)
    half = await approving(second, request, deed)
    assert (half.state, half.persons, half.first_by) == (RequestState.HALF, 2, second.id)
    await refused("CF-2152", approving(second, request, deed))
    assert (await approving(third, request, deed)).state is RequestState.APPROVED


async def test_a_rule_lowered_after_the_asking_changes_nothing(asker, second, third):
    await set_rule(asker, 2)
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    await set_rule(asker, 1)
    assert (await approving(second, request, deed)).state is RequestState.HALF


async def test_a_rule_raised_beyond_who_is_there_has_it_asked_for_anew(asker, second):
    await set_rule(asker, 1)
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    await set_rule(asker, 2)
    await refused("CF-2165", approving(second, request, deed))
    assert (await request_by_id(asker.means.store, asker.actor.merchant_id, request.id)).state is RequestState.ASKED
    assert (await asker.asks(deed, approval_id=None)).cools


async def test_of_two_that_a_rule_needs_the_second_to_come_need_not_be_waited_for_twice(asker, factors, place):
    """Alone when it was asked for, and one of the two the rule asks for came since: they wait as it would take."""
    await set_rule(asker, 2)
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    assert request.alone
    other = Side(await another_administrator(asker.desk, factors, place, "98"))
    await refused("CF-2158", approving(other, request, deed))
    await asker.means.clock.advance(DAY)
    assert (await approving(other, request, deed)).approved_by == other.id


async def _disabled(asker, other):
    await switch_operator(asker.means.people, asker.actor, other.id, on=False)


async def _without_login(asker, other):
    await close_login(asker.means.people, asker.actor, other.id)


async def _without_role(asker, other):
    (grant,) = await grants_of(asker.means.store, asker.actor.merchant_id, other.id)
    await end_grant(asker.means.people, asker.actor, grant.id)


@pytest.mark.parametrize("take_out", [_disabled, _without_login, _without_role])
async def test_nobody_makes_themselves_alone(asker, second, take_out):
    deed = asker.deed()
    await take_out(asker, second)
    fault = await refused("CF-2166", asker.asks(deed, approval_id=None))
    assert fault.tell("en").what.startswith("98 could approve until")
    await asker.means.clock.advance(WEEK - 1)
    await refused("CF-2166", asker.asks(deed, approval_id=None))
    await asker.means.clock.advance(1)
    request = await asker.asks(deed, approval_id=None)
    assert request.alone
    await refused("CF-2158", approving(asker, request, deed))
    await asker.means.clock.advance(DAY)
    assert (await approving(asker, request, deed)).approved_by == asker.id


async def test_who_was_enabled_again_approves_and_taking_them_out_again_counts_from_then(asker, second):
    people, deed = asker.means.people, asker.deed()
    await _disabled(asker, second)
    await asker.means.clock.advance(WEEK - 1)
    await switch_operator(people, asker.actor, second.id, on=True)
    request = await asker.asks(deed, approval_id=None)
    assert not request.alone
    assert (await approving(second, request, deed)).approved_by == second.id
    await _disabled(asker, second)
    await asker.means.clock.advance(2)
    await refused("CF-2166", asker.asks(deed, approval_id=None))


async def test_a_request_of_who_stood_alone_waits_for_who_came_and_was_taken_out_again(asker, factors, place):
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    assert request.alone
    other = Side(await another_administrator(asker.desk, factors, place, "98"))
    await _disabled(asker, other)
    await asker.means.clock.advance(DAY)
    await refused("CF-2166", approving(asker, request, deed))
    assert (await inbox(factors, asker.actor)).to_decide == ()


async def test_what_needs_two_is_not_asked_of_one_because_the_other_was_taken_out(asker, second, third):
    await set_rule(asker, 2)
    await _disabled(asker, third)
    fault = await refused("CF-2166", asker.asks(approval_id=None))
    assert fault.tell("zh-CN").what.startswith("97 在")
    await asker.means.clock.advance(WEEK)
    request = await asker.asks(approval_id=None)
    assert (request.persons, request.alone, request.cools) == (1, False, True)


async def test_who_lost_their_login_long_before_their_role_counts_from_the_first(asker, second):
    await _without_login(asker, second)
    await asker.means.clock.advance(WEEK)
    await _without_role(asker, second)
    assert (await asker.asks(approval_id=None)).alone
