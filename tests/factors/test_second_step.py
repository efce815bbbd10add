"""The second step of a sign-in, the sign-in without a password, and what somebody has to show for them."""

from __future__ import annotations

import asyncio
import re
from base64 import b32decode

import pytest

from counterfoil.evidence import newest_of
from counterfoil.factors import (
    CODE_APP,
    CodeShown,
    Coming,
    PasskeyShown,
    RecoveryShown,
    add_code_app,
    ask_first,
    begin_reset,
    begin_reset_at_machine,
    demand_second_factor,
    drop_over,
    factors_of,
    make_recovery_codes,
    offer_code_app,
    offer_passkey,
    remove_factor,
    sign_in_with_passkey,
    site_of,
    use_reset,
)
from counterfoil.factors.tables import code_app
from counterfoil.people import authenticate_session, end_session, living_sessions, setup_code
from counterfoil.store import Change, Guard
from tests.factors.desk import SITE, Desk
from tests.factors.people import another_administrator
from tests.factors.refusing import refused

COMING = Coming(language="zh-CN", came_from="Chrome · Linux · 127.0.0.1")


async def with_passkey(factors, device, merchant_id, ticket=None):
    made, options = ask_first(factors, SITE, merchant_id)
    return await sign_in_with_passkey(
        factors, SITE, merchant_id, ticket=ticket or made, answer=device.get(options), coming=COMING
    )


async def test_somebody_who_can_do_what_matters_is_led_to_set_one_up_and_to_show_it_afterwards(desk, factors, place):
    await refused("CF-2051", demand_second_factor(factors, desk.session, desk.actor))
    before = desk.token
    device = desk.device()
    await desk.enrol(device)
    await demand_second_factor(factors, desk.session, desk.actor)
    assert desk.actor.auth == "pin+passkey"
    assert len(set(desk.codes)) == 10
    await refused("CF-2003", authenticate_session(factors.people, before))
    other = await Desk.open(factors, place, "99")
    await refused("CF-2050", demand_second_factor(factors, other.session, other.actor))
    ticket, options = await other.second_question()
    await other.second(PasskeyShown(device.get(options)), ticket)
    await demand_second_factor(factors, other.session, other.actor)


async def test_whoever_has_shown_a_password_only_adds_no_factor_beside_those_there_are(desk, factors, place):
    before = await offer_code_app(factors, desk.session, desk.actor, account="99")
    await desk.enrol(desk.device())
    other = await Desk.open(factors, place, "99")
    await refused("CF-2050", offer_code_app(factors, other.session, other.actor, account="99"))
    await refused("CF-2050", offer_passkey(factors, SITE, other.session, other.actor, account="99"))
    # Nor does a full session without confirming it, or an offer that was made to another session.
    await refused("CF-2050", offer_code_app(factors, desk.session, desk.actor, account="99"))
    await refused("CF-2052", add_code_app(factors, other.session, other.actor, ticket=before.ticket, code="000000"))


async def test_a_passkey_signs_in_without_a_password_once_an_answer(desk, factors, place):
    device = desk.device()
    await desk.enrol(device)
    made = await with_passkey(factors, device, place.merchant_id)
    session, actor = await authenticate_session(factors.people, made.token.reveal())
    assert (actor.person_id, actor.auth) == (desk.actor.person_id, "passkey")
    assert session.came_from == COMING.came_from
    ticket, options = ask_first(factors, SITE, place.merchant_id)
    answer = device.get(options)
    asked = {"ticket": ticket, "answer": answer, "coming": COMING}
    await sign_in_with_passkey(factors, SITE, place.merchant_id, **asked)
    # Replayed: its count does not go on, which is told first and locks it; the ticket would be over anyway.
    await refused("CF-2056", sign_in_with_passkey(factors, SITE, place.merchant_id, **asked))


async def test_a_replay_at_the_same_moment_makes_one_session(desk, factors, place):
    device = desk.device()
    await desk.enrol(device)
    ticket, options = ask_first(factors, SITE, place.merchant_id)
    asked = {"ticket": ticket, "answer": device.get(options), "coming": COMING}
    both = await asyncio.gather(
        *(sign_in_with_passkey(factors, SITE, place.merchant_id, **asked) for _ in range(2)), return_exceptions=True
    )
    assert sum(isinstance(one, Exception) for one in both) == 1


async def test_a_passkey_of_another_merchant_or_site_signs_nobody_in(desk, factors, place, other):
    device = desk.device()
    await desk.enrol(device)
    await refused("CF-2055", with_passkey(factors, device, other.merchant_id))
    ticket, options = ask_first(factors, SITE, place.merchant_id)
    elsewhere = site_of("https://example.net")
    asked = {"ticket": ticket, "answer": device.get(options), "coming": COMING}
    await refused("CF-2054", sign_in_with_passkey(factors, elsewhere, place.merchant_id, **asked))
    mine, _ = ask_first(factors, SITE, other.merchant_id)
    await refused("CF-2052", sign_in_with_passkey(factors, SITE, place.merchant_id, **{**asked, "ticket": mine}))


async def test_a_ticket_is_over_after_five_minutes_and_when_the_clock_was_set_back(desk, factors, place):
    device = desk.device()
    await desk.enrol(device)
    ticket, options = ask_first(factors, SITE, place.merchant_id)
    asked = {"ticket": ticket, "answer": device.get(options), "coming": COMING}
    await factors.clock.advance(300)
    await refused("CF-2052", sign_in_with_passkey(factors, SITE, place.merchant_id, **asked))
    ticket, _ = ask_first(factors, SITE, place.merchant_id)
    factors.clock.set_back(1)
    await refused("CF-2052", sign_in_with_passkey(factors, SITE, place.merchant_id, **{**asked, "ticket": ticket}))
    for text in ("", "x", "ä", "A" * 5000, ticket[:-8] + "AAAAAAAA"):
        await refused("CF-2052", sign_in_with_passkey(factors, SITE, place.merchant_id, **{**asked, "ticket": text}))


@pytest.mark.parametrize(
    "url", ["http://192.168.1.8:8000", "http://[::1]:8000", "http://till.example.org", "https://10.0.0.2"]
)
async def test_where_a_browser_offers_no_passkeys_none_is_begun(desk, factors, url):
    await refused("CF-2063", offer_passkey(factors, site_of(url), desk.session, desk.actor, account="99"))


@pytest.mark.parametrize("url", ["http://localhost:8000", "https://till.example.org:8443"])
async def test_where_it_does_they_belong_to_that_name(desk, factors, url):
    offer = await offer_passkey(factors, site_of(url), desk.session, desk.actor, account="99")
    assert f'"id": "{site_of(url).rp_id}"' in offer.options
    assert '"residentKey": "required"' in offer.options
    assert '"userVerification": "required"' in offer.options


async def test_a_code_signs_in_once_within_a_step_either_side(desk, factors, place):
    await desk.enrol_app()
    await factors.clock.advance(90)
    for steps in (-2, 2):
        other = await Desk.open(factors, place, "99")
        await refused("CF-2057", other.second(CodeShown(desk.code(steps))))
    for steps in (-1, 0, 1):
        other = await Desk.open(factors, place, "99")
        await other.second(CodeShown(desk.code(steps)))
        assert other.actor.auth == "pin+totp"
        again = await Desk.open(factors, place, "99")
        await refused("CF-2058", again.second(CodeShown(desk.code(steps))))


async def test_a_code_typed_twice_at_the_same_moment_counts_once(desk, factors, place):
    await desk.enrol_app()
    await factors.clock.advance(60)
    desks = [await Desk.open(factors, place, "99") for _ in range(3)]
    given = CodeShown(desk.code())
    done = await asyncio.gather(*(one.second(given) for one in desks), return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in done) == 2


async def test_with_the_clock_set_back_no_code_is_taken_again(desk, factors, place):
    await desk.enrol_app()
    await factors.clock.advance(3600)
    typed = desk.code()
    other = await Desk.open(factors, place, "99")
    await other.second(CodeShown(typed))
    factors.clock.set_back(600)
    later = await Desk.open(factors, place, "99")
    await refused("CF-2068", later.second(CodeShown(desk.code())))
    await refused("CF-2057", later.second(CodeShown(typed)))


async def test_five_wrong_codes_pause_codes_and_not_passkeys(desk, factors, place):
    device = desk.device()
    await desk.enrol(device)
    await desk.enrol_app_beside()
    other = await Desk.open(factors, place, "99")
    given = (CodeShown("12345"), CodeShown("1234567"), CodeShown("１２３４５６"), RecoveryShown("x"))
    for left, wrong in zip((4, 3, 2, 1), given, strict=True):
        code = "CF-2071" if isinstance(wrong, RecoveryShown) else "CF-2057"
        assert (await refused(code, other.second(wrong))).fill == {"left": left}
    await refused("CF-2059", other.second(CodeShown("000000")))
    await factors.clock.advance(60)
    await refused("CF-2059", other.second(CodeShown(desk.code())))
    ticket, options = await other.second_question()
    await other.second(PasskeyShown(device.get(options)), ticket)


async def test_a_pause_is_over_after_half_an_hour(desk, factors, place):
    await desk.enrol_app()
    other = await Desk.open(factors, place, "99")
    for _ in range(4):
        await refused("CF-2057", other.second(CodeShown("000000")))
    await refused("CF-2059", other.second(CodeShown("000000")))
    await factors.clock.advance(1800)
    other = await Desk.open(factors, place, "99")
    await other.second(CodeShown(desk.code()))


async def test_a_recovery_code_signs_in_once_and_how_many_are_left_is_said(desk, factors, place):
    await desk.enrol_app()
    code = desk.codes[3]
    other = await Desk.open(factors, place, "99")
    await other.second(RecoveryShown(code.lower().replace("-", " ")))
    assert other.actor.auth == "pin+recovery"
    again = await Desk.open(factors, place, "99")
    await refused("CF-2071", again.second(RecoveryShown(code)))
    has = await factors_of(factors.store, place.merchant_id, desk.actor.person_id)
    assert has.codes_left == 9
    leaves = [leaf for _, leaf in await newest_of(factors.store, place.merchant_id, desk.actor.person_id, 3)]
    assert ("factor.shown", "recovery", 9) in [(one["type"], one.get("method"), one.get("left")) for one in leaves]
    fresh = await make_recovery_codes(factors, desk.actor)
    assert not {one.reveal() for one in fresh} & set(desk.codes)
    await refused("CF-2071", again.second(RecoveryShown(desk.codes[0])))


async def test_no_secret_lies_in_clear_and_none_is_in_the_log(desk, factors, everything, place):
    device = desk.device()
    await desk.enrol(device)
    await desk.enrol_app_beside()
    seen = await everything()
    for secret in (desk.secret, *desk.codes, *(code.replace("-", "") for code in desk.codes)):
        assert secret.encode() not in seen
    leaves = "".join(await place.leaves())
    assert device.credential_id.hex() not in leaves
    assert not re.search(r'"(name|secret|code)":', leaves)


async def test_the_last_factor_of_somebody_who_must_have_one_stays(desk, factors, place):
    device = desk.device()
    await desk.enrol(device)
    mine = await factors_of(factors.store, place.merchant_id, desk.actor.person_id)
    await refused("CF-2060", remove_factor(factors, desk.actor, mine.passkeys[0].id))
    await desk.enrol_app_beside()
    both = (mine.passkeys[0].id, CODE_APP)
    done = await asyncio.gather(*(remove_factor(factors, desk.actor, one) for one in both), return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in done) == 1
    assert (await factors_of(factors.store, place.merchant_id, desk.actor.person_id)).count == 1
    for one in ("", "x", factors.ids.uuid()):
        await refused("CF-2065", remove_factor(factors, desk.actor, one))


async def test_nobody_removes_somebody_else_s_factor(desk, factors, place):
    await desk.enrol(desk.device())
    other = await another_administrator(desk, factors, place)
    mine = await factors_of(factors.store, place.merchant_id, desk.actor.person_id)
    await refused("CF-2065", remove_factor(factors, other.actor, mine.passkeys[0].id))


async def test_a_reset_is_begun_by_an_administrator_and_finished_by_enrolling_anew(desk, factors, place):
    old = desk.device()
    await desk.enrol(old)
    other = await another_administrator(desk, factors, place)
    await refused("CF-2067", begin_reset(factors, desk.actor, desk.actor.person_id))
    code = await begin_reset(factors, other.actor, desk.actor.person_id)
    lost = await Desk.open(factors, place, "99")
    await refused("CF-2066", use_reset(factors, lost.session, "AAAA-AAAA-AAAA-AAAA"))
    await lost.goes_on(await use_reset(factors, lost.session, code.reveal()))
    # As far as setting up, and no further; what was there still counts.
    await refused("CF-2051", demand_second_factor(factors, lost.session, lost.actor))
    await refused("CF-2051", lost.asked(lost.deed()))
    assert (await factors_of(factors.store, place.merchant_id, desk.actor.person_id)).count == 1
    await lost.enrol_app()
    await demand_second_factor(factors, lost.session, lost.actor)
    has = await factors_of(factors.store, place.merchant_id, desk.actor.person_id)
    assert (has.passkeys, has.codes_left) == ((), 10)
    await refused("CF-2055", with_passkey(factors, old, place.merchant_id))
    again = await Desk.open(factors, place, "99")
    await refused("CF-2066", use_reset(factors, again.session, code.reveal()))
    kinds = [leaf["type"] for _, leaf in await newest_of(factors.store, place.merchant_id, desk.actor.person_id, 9)]
    assert {"factors.reset_begun", "factors.reset_finished"} <= set(kinds)


async def test_alone_and_without_any_factor_one_begins_anew_with_a_code_made_on_the_machine_itself(
    desk, factors, place
):
    old = desk.device()
    await desk.enrol(old)
    await refused("CF-2073", begin_reset_at_machine(factors, place.merchant_id, "nobody@example.com"))
    await refused("CF-2073", begin_reset_at_machine(factors, place.merchant_id, "80@example.com"))
    code = await begin_reset_at_machine(factors, place.merchant_id, " 99@Example.com ")
    *_, leaf = await place.leaves()
    assert '"type":"factors.reset_at_machine"' in leaf
    assert '"actor":"system"' in leaf
    assert f'"subject":"{desk.actor.person_id}"' in leaf
    # It stands in for nothing but the setting up: the password was shown, and a new factor is asked for.
    lost = await Desk.open(factors, place, "99")
    await lost.goes_on(await use_reset(factors, lost.session, code.reveal()))
    await refused("CF-2051", demand_second_factor(factors, lost.session, lost.actor))
    await lost.enrol_app()
    await demand_second_factor(factors, lost.session, lost.actor)
    await refused("CF-2055", with_passkey(factors, old, place.merchant_id))
    again = await Desk.open(factors, place, "99")
    await refused("CF-2066", use_reset(factors, again.session, code.reveal()))


async def test_codes_that_are_kept_as_a_plain_digest_have_at_least_128_bits(desk, factors, place):
    await desk.enrol(desk.device())
    codes = await make_recovery_codes(factors, desk.actor)
    reset = await begin_reset_at_machine(factors, place.merchant_id, "99@example.com")
    shape = re.compile(r"([A-Z2-7]{4}-){6}[A-Z2-7]{4}")
    for code in (*codes, reset, setup_code(factors.people)):
        assert shape.fullmatch(code.reveal())
        assert len(b32decode(code.reveal().replace("-", "") + "====")) * 8 >= 128


async def test_a_reset_code_is_over_after_a_day_and_once_another_was_given(desk, factors, place):
    await desk.enrol(desk.device())
    other = await another_administrator(desk, factors, place)
    first = await begin_reset(factors, other.actor, desk.actor.person_id)
    second = await begin_reset(factors, other.actor, desk.actor.person_id)
    lost = await Desk.open(factors, place, "99")
    await refused("CF-2066", use_reset(factors, lost.session, first.reveal()))
    await factors.clock.advance(24 * 3600)
    lost = await Desk.open(factors, place, "99")
    await refused("CF-2066", use_reset(factors, lost.session, second.reveal()))


async def test_a_supervisor_begins_no_reset_and_ends_nobody_else_s_session(desk, factors, place):
    await desk.enrol(desk.device())
    supervisor = await Desk.open(factors, place, "80")
    await refused("CF-2021", begin_reset(factors, supervisor.actor, desk.actor.person_id))
    await refused("CF-2021", end_session(factors.people, supervisor.actor, desk.actor.person_id, desk.session.id))


async def test_one_s_own_sessions_are_listed_and_ended_one_by_one(desk, factors, place):
    other = await Desk.open(factors, place, "99")
    mine = await living_sessions(factors.people, place.merchant_id, desk.actor.person_id)
    assert {one.id for one in mine} == {desk.session.id, other.session.id}
    await end_session(factors.people, desk.actor, desk.actor.person_id, other.session.id)
    await refused("CF-2003", authenticate_session(factors.people, other.token))
    await refused("CF-2003", end_session(factors.people, desk.actor, desk.actor.person_id, other.session.id))
    await authenticate_session(factors.people, desk.token)
    supervisor = await Desk.open(factors, place, "80")
    await end_session(factors.people, desk.actor, supervisor.actor.person_id, supervisor.session.id)
    await refused("CF-2003", authenticate_session(factors.people, supervisor.token))


async def test_what_is_over_goes(desk, factors, place):
    device = desk.device()
    await desk.enrol(device)
    await desk.asked(desk.deed())
    assert await drop_over(factors) == 0
    await factors.clock.advance(300)
    assert await drop_over(factors) >= 2
    assert await drop_over(factors) == 0


async def test_a_secret_whose_key_is_lost_is_said_so(desk, factors, place):
    await desk.enrol_app()
    row = (await factors.store.fetch(code_app.select().where(code_app.c.person_id == desk.actor.person_id)))[0]
    other = await Desk.open(factors, place, "99")
    change = Change(
        change_id=factors.ids.uuid(),
        merchant_id=place.merchant_id,
        guards=(Guard(code_app, row, {"sealed_secret": b"spoiled"}),),
    )
    await factors.store.commit(change)
    await refused("CF-2069", other.second(CodeShown(desk.code())))
