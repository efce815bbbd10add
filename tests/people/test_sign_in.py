import asyncio
import json
import time

import pytest

from counterfoil.basis import Refused, Secret, SystemEntropy, Trouble
from counterfoil.people import (
    ALLOWED,
    Hasher,
    Permission,
    Role,
    WrongTry,
    demand_deed,
    person_by_number,
    sign_in,
    write_wrong_tries,
)
from counterfoil.people.wrong_tries import KINDS_MAX, WrongTries
from tests.people.shop import PASSWORDS, WRONG

HALF_AN_HOUR = 30 * 60


async def refused(code, attempt):
    with pytest.raises(Refused) as told:
        await attempt
    assert told.value.kind.code == code
    return told.value


async def lock(place, number="01", at="1"):
    for left in (4, 3, 2, 1):
        assert (await refused("CF-2001", place.sign_in(number, WRONG, at))).fill == {"left": left}
    return await refused("CF-2002", place.sign_in(number, WRONG, at))


async def test_the_right_number_and_password_sign_in(place):
    made = await place.sign_in("01")
    assert made.actor.permissions == ALLOWED[Role.CASHIER]
    assert made.token.reveal().startswith(f"{place.merchant_id}.")
    assert made.actor.terminal_id == made.session.terminal_id == place.at("1")
    assert made.actor.may(Permission.TAKE)
    assert not made.actor.may(Permission.VOID)
    assert '"type":"person.signed_in"' in (await place.leaves())[-1]


async def test_every_sign_in_has_a_token_of_its_own(place):
    first, second = await place.sign_in("01"), await place.sign_in("01")
    assert first.token.reveal() != second.token.reveal()
    assert first.session.csrf != second.session.csrf


async def test_five_wrong_tries_lock_the_number_there_for_half_an_hour(place):
    told = await lock(place)
    # 16:00 in Shanghai and half an hour: the shop's clock, not the server's.
    assert told.tell("zh-CN").what == "这个操作员号暂停登录到 16:30"
    await refused("CF-2002", place.sign_in("01"))
    await place.means.clock.advance(HALF_AN_HOUR - 1)
    await refused("CF-2002", place.sign_in("01"))
    await place.means.clock.advance(1)
    assert (await place.sign_in("01")).person.number == "01"


async def test_the_end_of_the_lock_is_told_in_the_zone_of_the_shop(place):
    assert (await lock(place, at="3")).tell("en").what == "This operator number is paused until 17:30"


async def test_a_lock_leaves_other_terminals_and_other_numbers_free(place):
    await lock(place)
    assert (await place.sign_in("01", at="2")).person.number == "01"
    assert (await place.sign_in("02", at="1")).person.number == "02"


async def test_a_lock_is_one_fact_and_the_tries_before_it_none(place):
    before = len(await place.leaves())
    await lock(place)
    await refused("CF-2002", place.sign_in("01", WRONG))
    new = (await place.leaves())[before:]
    assert len(new) == 1
    assert '"type":"person.locked"' in new[0]
    assert '"until":"2026-11-22T08:30:00.000000Z"' in new[0]


async def test_the_fact_of_a_pause_names_a_number_only_where_it_is_somebodys(place):
    before = len(await place.leaves())
    for _ in range(5):
        with pytest.raises(Refused):
            await place.sign_in("4711", WRONG)
    await lock(place, at="2")
    await place.lift("4711", by="80")
    said = [json.loads(leaf) for leaf in (await place.leaves())[before:]]
    paused = [one for one in said if one["type"] == "person.locked" and one.get("terminal")]
    who = (await person_by_number(place.means.store, place.merchant_id, "01")).id
    # What nobody has as a number may be the password that was meant for the other field.
    assert [(one.get("subject"), one.get("number")) for one in paused] == [(None, None), (who, "01")]
    assert not any("4711" in json.dumps(one) for one in said)


async def tried(place, after):
    """The facts of wrong tries that stand in the log beyond ``after``, as they say it."""
    said = [json.loads(leaf) for leaf in (await place.leaves())[after:]]
    names = ("subject", "terminal", "number", "code", "count")
    return [tuple(one.get(name) for name in names) for one in said if one["type"] == "person.tried"]


async def test_wrong_tries_of_a_minute_are_one_fact_of_the_number_tried_with_their_count(place):
    means, before = place.means, len(await place.leaves())
    await lock(place)
    await refused("CF-2002", place.sign_in("01", WRONG))
    assert await write_wrong_tries(means) == 0
    await means.clock.advance(60)
    assert await write_wrong_tries(means) == 2
    assert await write_wrong_tries(means, everything=True) == 0
    who = (await person_by_number(means.store, place.merchant_id, "01")).id
    here = (who, place.at("1"), "01")
    assert await tried(place, before) == [(*here, "CF-2001", 4), (*here, "CF-2002", 2)]


async def test_a_number_nobody_has_leaves_as_many_facts_and_names_nobody(place):
    means, before = place.means, len(await place.leaves())
    await refused("CF-2001", place.sign_in("77", WRONG))
    await refused("CF-2001", place.sign_in("01", WRONG))
    assert await write_wrong_tries(means, everything=True) == 2
    nobody = next(one for one in await tried(place, before) if one[0] is None)
    # Nor does it say what was typed: that may have been a password.
    assert nobody == (None, place.at("1"), None, "CF-2001", 1)


async def test_a_flood_of_invented_numbers_is_bounded(place):
    tries, now = WrongTries(), place.means.clock.now()
    for number in range(3 * KINDS_MAX):
        tries.note(WrongTry(place.merchant_id, "t", str(number), "CF-2001"), now)
    due = tries.due(now, everything=True)
    assert len(due) == KINDS_MAX + 1
    assert sum(count for _, count in due) == 3 * KINDS_MAX


async def test_a_right_sign_in_resets_the_count(place):
    for _ in range(3):
        for left in (4, 3, 2, 1):
            assert (await refused("CF-2001", place.sign_in("01", WRONG))).fill == {"left": left}
        await place.sign_in("01")


async def test_a_supervisor_lifts_the_lock_at_that_terminal(place):
    await lock(place)
    assert (await place.lift("01", by="80")).number == "80"
    assert '"type":"person.lock_lifted"' in (await place.leaves())[-1]
    assert (await place.sign_in("01")).person.number == "01"


async def test_a_cashier_does_not_lift_a_lock(place):
    await lock(place)
    await refused("CF-2021", place.lift("01", by="02"))
    await refused("CF-2002", place.sign_in("01"))


async def test_a_lock_is_lifted_only_where_it_is(place):
    await lock(place)
    await refused("CF-2011", place.lift("01", by="80", at="2"))
    await refused("CF-2002", place.sign_in("01"))


async def test_a_locked_supervisor_does_not_lift_their_own_lock(place):
    await lock(place, "80")
    await refused("CF-2002", place.lift("80", by="80"))


async def test_wrong_tries_at_lifting_count_against_the_supervisor(place):
    await lock(place, "01")
    for left in (4, 3, 2, 1):
        assert (await refused("CF-2001", place.lift("01", by="80", password=WRONG))).fill == {"left": left}
    await refused("CF-2002", place.lift("01", by="80", password=WRONG))
    await refused("CF-2002", place.sign_in("80"))


async def test_a_number_nobody_has_is_told_and_locked_in_the_same_words(place):
    told = []
    for number in ("01", "77"):
        answers = [await refused("CF-2001", place.sign_in(number, WRONG)) for _ in range(4)]
        answers += [await refused("CF-2002", place.sign_in(number, WRONG)) for _ in range(2)]
        told.append([(answer.tell("en"), answer.field) for answer in answers])
    assert told[0] == told[1]


async def test_a_number_nobody_has_costs_a_whole_check_of_a_password():
    hasher = Hasher(SystemEntropy())
    encoded = await hasher.hash(Secret("a password to check"))

    async def cost(what):
        started = time.process_time()
        for _ in range(8):
            assert await hasher.matches(what, Secret(WRONG)) is False
        return time.process_time() - started

    somebody, nobody = await cost(encoded), await cost(None)
    hasher.close()
    assert nobody > somebody / 2
    assert nobody > 8 * 0.005


async def test_many_guesses_at_once_get_no_more_than_five_answers(place):
    guesses = [*(f"guess number {n:02}" for n in range(20))]
    told = await asyncio.gather(*(place.sign_in("01", guess) for guess in guesses), return_exceptions=True)
    codes = [fault.kind.code for fault in told]
    assert codes.count("CF-2001") == 4
    assert codes.count("CF-2002") == 16
    await refused("CF-2002", place.sign_in("01"))


async def test_a_flood_of_sign_ins_is_told_to_come_again():
    hasher = Hasher(SystemEntropy(), waiting_max=2)
    told = await asyncio.gather(*(hasher.matches(None, Secret(WRONG)) for _ in range(5)), return_exceptions=True)
    hasher.close()
    assert [isinstance(one, Trouble) for one in told] == [False, False, True, True, True]
    assert told[-1].kind.retry_after_seconds == 5


@pytest.mark.parametrize("password", ["", "short", "x" * 129, "x" * 100_000, "\ud800" * 20, "null\x00 character"])
async def test_a_password_that_cannot_be_one_is_wrong_like_any_other(place, password):
    await refused("CF-2001", place.sign_in("01", password))


@pytest.mark.parametrize("terminal_id", ["", "1", "00000000-0000-7000-8000-000000000000", "\x00", "x" * 10_000])
async def test_nobody_signs_in_at_a_terminal_that_is_not_there(place, terminal_id):
    await refused(
        "CF-2008",
        sign_in(
            place.means,
            merchant_id=place.merchant_id,
            terminal_id=terminal_id,
            number="01",
            password=Secret(PASSWORDS["01"]),
        ),
    )


async def test_nobody_signs_in_at_another_merchants_terminal(place, other):
    await refused(
        "CF-2008",
        sign_in(
            place.means,
            merchant_id=place.merchant_id,
            terminal_id=other.at("1"),
            number="01",
            password=Secret(PASSWORDS["01"]),
        ),
    )


async def test_an_approval_allows_that_one_act_and_nothing_more(place):
    cashier = (await place.sign_in("01")).actor
    allowed = await place.approve(cashier, "80", Permission.VOID)
    assert allowed.person_id == cashier.person_id
    assert allowed.approver_id != cashier.person_id
    assert allowed.permissions - cashier.permissions == {Permission.VOID}
    assert not cashier.may(Permission.VOID)
    leaf = (await place.leaves())[-1]
    assert '"type":"person.approved"' in leaf
    assert f'"approver":"{allowed.approver_id}"' in leaf
    assert f'"actor":"{cashier.person_id}"' in leaf
    assert f'"request_sha256":"{allowed.deed_sha256}"' in leaf


async def test_an_approval_says_whether_the_approver_had_made_the_payment(place):
    cashier, supervisor = (await place.sign_in("01")).actor, (await place.sign_in("80")).actor
    for made_by, said in ((supervisor.person_id, "true"), (cashier.person_id, "false"), (None, "false")):
        await place.approve(cashier, "80", Permission.VOID, made_by=made_by)
        assert f'"made":{said}' in (await place.leaves())[-1]


async def test_an_approval_is_worth_nothing_for_another_request(place):
    cashier = (await place.sign_in("01")).actor
    allowed = await place.approve(cashier, "80", Permission.VOID, request_sha256="a" * 64)
    demand_deed(allowed, "a" * 64)
    with pytest.raises(Refused, match="CF-2072"):
        demand_deed(allowed, "b" * 64)
    demand_deed(cashier, "b" * 64)


async def test_a_cashier_approves_nothing(place):
    cashier = (await place.sign_in("01")).actor
    before = await place.leaves()
    await refused("CF-2021", place.approve(cashier, "02", Permission.REFUND))
    assert await place.leaves() == before


async def test_wrong_tries_at_an_approval_count_like_a_sign_in(place):
    cashier = (await place.sign_in("01")).actor
    for _ in range(4):
        await refused("CF-2001", place.approve(cashier, "80", Permission.VOID, WRONG))
    await refused("CF-2002", place.approve(cashier, "80", Permission.VOID, WRONG))
    await refused("CF-2002", place.sign_in("80"))
    assert (await place.sign_in("80", at="2")).actor.permissions == ALLOWED[Role.SUPERVISOR]
