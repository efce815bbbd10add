"""A request and what becomes of it: who may approve it, until when, once, and as it was asked for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.basis import Fault
from counterfoil.factors import PasskeyShown
from counterfoil.people import (
    Act,
    Deed,
    NewPerson,
    Permission,
    Role,
    Rule,
    add_operator,
    grant_role,
    grants_of,
    set_policy,
    switch_operator,
)
from counterfoil.people import end_grant as take_back
from counterfoil.second_person import (
    OPEN,
    REQUEST,
    Asking,
    RequestEvent,
    RequestState,
    acting,
    approve_request,
    ask_somebody,
    carried_out,
    decline,
    expire,
    failed,
    find_requests,
    inbox,
    opened,
    request_by_id,
    waiting_at,
    withdraw,
)
from tests.factors.desk import Desk
from tests.factors.people import another_administrator
from tests.factors.refusing import refused
from tests.second_person.asking import Side

DAY = 24 * 3600


async def test_another_person_approves_the_very_deed_and_it_is_carried_out_in_the_requesters_name(asker, second):
    deed = asker.deed()
    request = await asker.asks(deed)
    assert (request.state, request.persons, request.alone) == (RequestState.ASKED, 1, False)
    assert [one.id for one in (await inbox(second.means, second.actor)).to_decide] == [request.id]
    assert (await inbox(asker.means, asker.actor)).to_decide == ()
    assert opened(asker.means, request).form == {"persons": "2"}
    approved = await second.approves(request, deed)
    assert (approved.state, approved.approved_by) == (RequestState.APPROVED, second.id)
    who, actor = await acting(asker.means, approved)
    assert (who.id, actor.person_id, actor.approver_id) == (asker.id, asker.id, second.id)
    await set_policy(asker.means.people, actor, Rule(act=Act.SET_POLICY, persons=1, roles=("administrator",)))
    done = await carried_out(asker.means, approved)
    assert (done.state, done.row["sealed"]) == (RequestState.DONE, None)
    await refused("CF-2160", _opened(asker.means, done))
    assert (await inbox(second.means, second.actor)).to_decide == ()


async def _opened(means, request):
    return opened(means, request)


async def test_whoever_asked_never_approves_whatever_session_device_or_till_they_come_with(
    asker, second, factors, place
):
    deed = asker.deed()
    request = await asker.asks(deed)
    await refused("CF-2152", asker.approves(request, deed))
    phone = asker.desk.device()
    asker.desk.may_add()
    await asker.desk.enrol(phone)
    question = await asker.desk.asked(deed)
    made = await asker.desk.confirmed(question, asker.desk.answered(question, phone))
    await refused("CF-2152", approve_request(asker.means, made.actor, request.id, made.approval_id))
    at_till = (await place.sign_in("99")).actor
    at_till = replace(at_till, deed_sha256=deed.sha256())
    await refused("CF-2152", approve_request(asker.means, at_till, request.id, made.approval_id))
    assert (await request_by_id(factors.store, place.merchant_id, request.id)).state is RequestState.ASKED


async def test_who_has_no_role_of_the_rule_does_not_approve_it(asker, second, factors, place):
    deed = asker.deed()
    request = await asker.asks(deed)
    supervisor = Side(await Desk.open(factors, place, "80"))
    await supervisor.desk.enrol_app()
    await refused("CF-2153", supervisor.approves(request, deed))
    assert (await inbox(factors, supervisor.actor)).to_decide == ()


async def test_an_approval_counts_once(asker, second):
    deed = asker.deed()
    request = await asker.asks(deed)
    actor, approval_id = await second.confirms(deed)
    await approve_request(second.means, actor, request.id, approval_id)
    await refused("CF-2156", approve_request(second.means, actor, request.id, approval_id))
    for end in (withdraw(asker.means, asker.actor, request.id), decline(second.means, second.actor, request.id, "no")):
        await refused("CF-2156", end)


async def test_an_approval_of_another_deed_or_after_it_changed_is_refused(asker, second):
    request = await asker.asks(asker.deed(persons=1))
    await refused("CF-2157", second.approves(request, asker.deed(persons=0)))
    await refused("CF-2157", approve_request(second.means, second.actor, request.id, second.means.ids.uuid()))


async def test_what_is_not_decided_in_time_is_over_and_the_log_says_so(asker, second, place):
    deed = asker.deed()
    request = await asker.asks(deed)
    await asker.means.clock.advance(DAY)
    actor = replace(second.actor, deed_sha256=deed.sha256())
    await refused("CF-2160", approve_request(second.means, actor, request.id, second.means.ids.uuid()))
    await refused("CF-2160", withdraw(asker.means, asker.actor, request.id))
    assert await expire(asker.means) >= 1
    over = await request_by_id(asker.means.store, place.merchant_id, request.id)
    assert (over.state, over.row["sealed"]) == (RequestState.EXPIRED, None)
    assert any('"request.expired"' in leaf for leaf in await place.leaves())


async def test_a_request_from_before_the_clock_was_set_back_is_over(asker, second):
    deed = asker.deed()
    request = await asker.asks(deed)
    asker.means.clock.set_back(60)
    actor = replace(second.actor, deed_sha256=deed.sha256())
    await refused("CF-2160", approve_request(second.means, actor, request.id, second.means.ids.uuid()))


async def test_it_is_withdrawn_by_whoever_asked_and_by_nobody_else(asker, second):
    request = await asker.asks()
    await refused("CF-2161", withdraw(second.means, second.actor, request.id))
    assert (await withdraw(asker.means, asker.actor, request.id)).state is RequestState.WITHDRAWN
    await refused("CF-2156", withdraw(asker.means, asker.actor, request.id))


async def test_it_is_declined_with_a_reason_and_objected_to_by_who_may_not_approve_it(asker, second, factors, place):
    request = await asker.asks()
    for reason in ("", "   ", "x" * 201, "a\x07b"):
        await refused("CF-2162", decline(second.means, second.actor, request.id, reason))
    told = await decline(second.means, second.actor, request.id, " 金额不对 ")
    assert (told.state, told.reason, told.ended_by) == (RequestState.DECLINED, "金额不对", second.id)
    request = await asker.asks()
    supervisor = await Desk.open(factors, place, "80")
    await refused("CF-2021", decline(factors, supervisor.actor, request.id, "no"))
    (grant,) = await grants_of(factors.store, place.merchant_id, supervisor.actor.person_id)
    await grant_role(factors.people, asker.actor, grant.person_id, Role.SHOP_MANAGER.value)
    manager = (await Desk.open(factors, place, "80")).actor
    assert (await decline(factors, manager, request.id, "问过财务")).state is RequestState.OBJECTED


async def test_of_two_approvers_at_once_one_approves(asker, second, factors, place):
    third = Side(await _administrator(asker, factors, place, "97"))
    deed = asker.deed()
    request = await asker.asks(deed)
    seconds = [await one.confirms(deed) for one in (second, third)]
    both = await asyncio.gather(
        *(approve_request(factors, actor, request.id, approval) for actor, approval in seconds), return_exceptions=True
    )
    assert sorted(_codes(both)) == ["", "CF-2156"]


async def test_of_approving_and_withdrawing_at_once_one_happens(asker, second, factors, place):
    for _ in range(3):
        deed = asker.deed()
        request = await asker.asks(deed)
        actor, approval_id = await second.confirms(deed)
        both = await asyncio.gather(
            approve_request(factors, actor, request.id, approval_id),
            withdraw(factors, asker.actor, request.id),
            return_exceptions=True,
        )
        assert sorted(_codes(both)) == ["", "CF-2156"]
        after = await request_by_id(factors.store, place.merchant_id, request.id)
        won = _codes(both).index("")
        assert after.state is (RequestState.APPROVED, RequestState.WITHDRAWN)[won]


def _codes(results):
    assert all(not isinstance(one, Exception) or isinstance(one, Fault) for one in results), results
    return [one.kind.code if isinstance(one, Fault) else "" for one in results]


async def test_the_same_id_asks_once_and_never_for_something_else(asker, second):
    deed, actor = asker.deed(), asker.actor
    asking = Asking(id=asker.means.ids.uuid(), act=Act.SET_POLICY, deed=deed, form={}, path={}, language="zh-CN")
    both = await asyncio.gather(*(ask_somebody(asker.means, actor, asking) for _ in range(2)))
    assert both[0].id == both[1].id
    assert len((await find_requests(asker.means.store, actor.merchant_id)).items) == 1
    await refused("CF-2156", ask_somebody(asker.means, actor, replace(asking, deed=asker.deed(persons=0))))


async def test_two_persons_are_two_and_neither_is_the_requester(asker, second, factors, place):
    third = Side(await _administrator(asker, factors, place, "97"))
    deed = asker.deed()
    request = await asker.asks(deed)
    one = await second.approves(request, deed)
    await set_policy(
        factors.people,
        (await acting(factors, one))[1],
        Rule(act=Act.SET_POLICY, persons=2, roles=("administrator",)),
    )
    request = await asker.asks(deed)
    assert request.persons == 2
    half = await second.approves(request, deed)
    assert (half.state, half.first_by, half.approved_by) == (RequestState.HALF, second.id, None)
    await refused("CF-2152", second.approves(request, deed))
    await refused("CF-2152", asker.approves(request, deed))
    assert (await acting(factors, half))[1].approvals == 0
    assert (await third.approves(request, deed)).state is RequestState.APPROVED


async def test_a_role_taken_back_meanwhile_counts_at_once(asker, second, factors, place):
    deed = asker.deed()
    request = await asker.asks(deed)
    actor, approval_id = await second.confirms(deed)
    third = Side(await _administrator(asker, factors, place, "97"))
    (grant,) = await grants_of(factors.store, place.merchant_id, second.id)
    await take_back(factors.people, asker.actor, grant.id)
    await refused("CF-2153", approve_request(factors, actor, request.id, approval_id))
    approved = await third.approves(request, deed)
    (grant,) = await grants_of(factors.store, place.merchant_id, asker.id)
    await take_back(factors.people, third.actor, grant.id)
    _, as_asker = await acting(factors, approved)
    assert not as_asker.may(Permission.MANAGE_POLICY)
    await refused("CF-2021", set_policy(factors.people, as_asker, Rule(act=Act.VOID, roles=("administrator",))))
    await switch_operator(factors.people, third.actor, asker.id, on=False)
    await refused("CF-2018", acting(factors, approved))
    assert (await failed(factors, approved, "CF-2018")).why == "CF-2018"


async def test_who_stands_alone_approves_after_a_day_and_with_another_device(asker, factors, place):
    phone = asker.desk.device()
    asker.desk.may_add()
    await asker.desk.enrol(phone)
    deed = asker.deed()
    request = await asker.asks(deed)
    assert request.alone
    assert request.ends_at - request.asked_at == 2 * DAY * 1_000_000
    assert [one.id for one in (await inbox(factors, asker.actor)).to_decide] == [request.id]

    async def by_phone():
        await _in_again(place, asker, phone)
        question = await asker.desk.asked(deed)
        return await asker.desk.confirmed(question, asker.desk.answered(question, phone))

    made = await by_phone()
    await refused("CF-2158", approve_request(factors, made.actor, request.id, made.approval_id))
    await asker.means.clock.advance(DAY)
    made = await by_phone()
    actor, approval_id = await asker.confirms(deed)
    await refused("CF-2159", approve_request(factors, actor, request.id, approval_id))
    approved = await approve_request(factors, made.actor, request.id, made.approval_id)
    assert (approved.state, approved.approved_by) == (RequestState.APPROVED, asker.id)


async def test_who_stood_alone_no_longer_approves_once_somebody_else_may(asker, factors, place):
    deed = asker.deed()
    request = await asker.asks(deed)
    other = Side(await _administrator(asker, factors, place, "98"))
    await refused("CF-2152", asker.approves(request, deed))
    assert (await other.approves(request, deed)).approved_by == other.id


async def test_a_cashier_is_lent_what_the_approver_has_and_for_that_shop_only(cashier, factors, place):
    deed = Deed(act="void", merchant_id=place.merchant_id, by=cashier.person_id, what={"payment": "p1"})
    shop = cashier.here
    request = await Side(_At(factors, cashier)).asks(
        deed, Act.VOID, shop_id=shop, lends=Permission.VOID, amount_minor=100, approval_id=None
    )
    assert request.ends_at - request.asked_at == 600 * 1_000_000
    now = factors.clock.now()
    assert [one.id for one in await waiting_at(factors.store, place.merchant_id, place.at("1"), now)] == [request.id]
    assert await waiting_at(factors.store, place.merchant_id, place.at("2"), now) == []
    supervisor = Side(await Desk.open(factors, place, "80"))
    await supervisor.desk.enrol_app()
    approved = await supervisor.approves(request, deed)
    _, actor = await acting(factors, approved)
    assert actor.may(Permission.VOID, shop)
    assert not actor.may(Permission.VOID, place.terminals[-1][1].id)
    assert not actor.may(Permission.REFUND, shop)
    assert (actor.terminal_id, actor.approver_id) == (place.at("1"), supervisor.id)


class _At:
    """A till, which confirms nothing."""

    def __init__(self, means, actor):
        self.means, self.actor = means, actor


async def test_a_cashier_without_anybody_above_has_nobody_to_ask(cashier, factors, place, asker):
    await add_operator(factors.people, asker.actor, NewPerson(number=None, name="a", role=None, email="a@example.com"))
    wrong = Rule(act=Act.VOID, persons=1, roles=(Role.AUDITOR.value,))
    await set_policy(factors.people, replace(asker.actor, approvals=1), wrong)
    deed = Deed(act="void", merchant_id=place.merchant_id, by=cashier.person_id, what={"payment": "p1"})
    side = Side(_At(factors, cashier))
    await refused("CF-2154", side.asks(deed, Act.VOID, lends=Permission.VOID, approval_id=None))


async def test_rules_that_say_nothing_are_refused_and_changing_them_needs_somebody_else(asker):
    people = asker.means.people
    rule = Rule(act=Act.VOID, persons=1, from_minor=100, roles=("administrator",))
    await refused("CF-2150", set_policy(people, asker.actor, rule))
    actor = replace(asker.actor, approvals=1)
    for wrong in (
        replace(rule, persons=3),
        replace(rule, from_minor=0),
        replace(rule, roles=()),
        replace(rule, roles=("nobody",)),
        replace(rule, act=Act.END_GRANT),
        Rule(act=Act.SET_POLICY, persons=0, roles=("administrator",)),
    ):
        await refused("CF-2151", set_policy(people, actor, wrong))
    await set_policy(people, actor, rule)


async def test_requests_are_listed_page_by_page_and_those_of_another_merchant_are_none_of_ours(asker, other, factors):
    for _ in range(3):
        await asker.asks(approval_id=None)
    page = await find_requests(factors.store, asker.actor.merchant_id)
    assert len(page.items) == 3
    rest = await find_requests(factors.store, asker.actor.merchant_id, f"{page.items[0].asked_at}.{page.items[0].id}")
    assert [one.id for one in rest.items] == [one.id for one in page.items[1:]]
    assert (await find_requests(factors.store, other.merchant_id)).items == ()
    assert await request_by_id(factors.store, other.merchant_id, page.items[0].id) is None
    stranger = (await other.office("99")).actor
    actor = replace(stranger, deed_sha256=page.items[0].request_sha256)
    await refused("CF-2155", approve_request(factors, actor, page.items[0].id, page.items[0].id))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(["approve", "decline", "withdraw"]), st.integers(0, 2)), max_size=6))
async def test_property_no_order_of_moves_lets_the_requester_approve(moves, asker, second, factors, place):
    deed = asker.deed()
    request = await asker.asks(deed, approval_id=None)
    sides = [asker, second, second]
    for move, index in moves:
        actor = replace(sides[index].actor, deed_sha256=deed.sha256())
        await _tried(factors, move, actor, request.id)
        now = await request_by_id(factors.store, place.merchant_id, request.id)
        assert now.approved_by != asker.id
        assert now.first_by != asker.id
        assert (now.state is RequestState.APPROVED) == (now.approved_by == second.id)
        assert now.state not in (RequestState.DONE, RequestState.FAILED)


async def _tried(factors, move, actor, request_id):
    acts = {
        "approve": lambda: approve_request(factors, actor, request_id, factors.ids.uuid()),
        "decline": lambda: decline(factors, actor, request_id, "no"),
        "withdraw": lambda: withdraw(factors, actor, request_id),
    }
    with suppress(Fault):
        await acts[move]()


@pytest.mark.parametrize("state", sorted(REQUEST.final))
def test_what_has_ended_moves_no_more(state):
    assert state not in OPEN
    assert all(REQUEST.move(state, event) is None for event in RequestEvent)


async def _administrator(asker, factors, place, number):
    return await another_administrator(asker.desk, factors, place, number)


async def _in_again(place, asker, phone):
    """A session lives 15 minutes without use: the next day begins with another, and with the phone."""
    fresh = await Desk.open(asker.means, place, asker.desk.number)
    fresh.secret = asker.desk.secret
    ticket, options = await fresh.second_question()
    await fresh.second(PasskeyShown(phone.get(options)), ticket)
    asker.desk = fresh
