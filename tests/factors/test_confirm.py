"""Step-up bound to one act: what is believed, what is not, and what is kept of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace

import pytest

from counterfoil.basis import Secret, decode
from counterfoil.factors import CodeShown, PasskeyShown, RecoveryShown, approval, approvals, pending
from counterfoil.people import authenticate_session
from counterfoil.testing.authenticator import unb64
from tests.factors.desk import SITE, Desk, site_of
from tests.factors.people import another_administrator
from tests.factors.refusing import refused
from tests.people.shop import WRONG


@pytest.fixture
async def phone(desk):
    made = desk.device()
    await desk.enrol(made)
    return made


async def test_a_deed_is_confirmed_by_a_passkey_that_signed_its_very_bytes(desk, phone):
    deed, before = desk.deed(hold="h1", number=7), desk.token
    question = await desk.asked(deed, reason="AUDIT")
    answer = desk.answered(question, phone)
    made = await desk.confirmed(question, answer)
    assert made.actor.deed_sha256 == hashlib.sha256(deed.canonical()).hexdigest()
    assert made.actor.auth == "passkey"
    kept = await approval(desk.means.store, desk.actor.merchant_id, made.approval_id)
    said = json.loads(kept.evidence)
    signed = json.loads(unb64(said["client_data_json"]))
    challenge = hashlib.sha256(unb64(said["nonce"]) + deed.canonical()).digest()
    assert unb64(signed["challenge"]) == challenge
    assert said["deed"] == decode(deed.canonical())
    assert kept.evidence_sha256 == hashlib.sha256(kept.evidence.encode()).hexdigest()
    assert desk.token != before
    await refused("CF-2003", authenticate_session(desk.means.people, before))


async def test_an_answer_counts_once_also_when_it_comes_twice_at_once(desk, phone):
    question = await desk.asked(desk.deed())
    answer = desk.answered(question, phone)
    await desk.confirmed(question, answer)
    await refused("CF-2052", desk.confirmed(question, answer))
    again = await desk.asked(desk.deed())
    # The replay of an answer to a new question of the same deed: its nonce is another.
    await refused("CF-2053", desk.confirmed(again, answer))
    question = await desk.asked(desk.deed())
    answer = desk.answered(question, phone)
    both = await asyncio.gather(*(desk.confirmed(question, answer) for _ in range(2)), return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in both) == 1
    assert len(await approvals(desk.means.store, desk.actor.merchant_id)) == 2


async def test_an_answer_to_another_deed_is_refused_and_so_is_a_deed_that_changed(desk, phone):
    one, other = await desk.asked(desk.deed(hold="h1")), await desk.asked(desk.deed(hold="h2"))
    await refused("CF-2053", desk.confirmed(one, desk.answered(other, phone)))
    await refused("CF-2064", desk.confirmed(one, desk.answered(one, phone), desk.deed(hold="h2")))
    assert await approvals(desk.means.store, desk.actor.merchant_id) == []


async def test_an_answer_for_another_origin_or_site_is_refused(desk, phone):
    question = await desk.asked(desk.deed())
    phone.origin = "https://pay.example.org.evil.test"
    await refused("CF-2054", desk.confirmed(question, desk.answered(question, phone)))
    phone.origin = SITE.origin
    elsewhere = site_of("https://example.net")
    await refused("CF-2054", desk.confirmed(question, desk.answered(question, phone, elsewhere)))
    await refused("CF-2054", desk.confirmed(question, desk.answered(question, phone), site=elsewhere))


async def test_an_answer_without_a_verified_person_is_refused(desk, phone):
    phone.verifies = False
    question = await desk.asked(desk.deed())
    await refused("CF-2055", desk.confirmed(question, desk.answered(question, phone)))


async def test_a_signature_of_another_key_is_refused_and_so_is_anything_that_is_no_answer(desk, phone):
    question = await desk.asked(desk.deed())
    stranger = desk.device()
    stranger.credential_id = phone.credential_id
    await refused("CF-2055", desk.confirmed(question, desk.answered(question, stranger)))
    await refused("CF-2055", desk.confirmed(question, desk.answered(question, desk.device())))
    shape = desk.answered(question, phone)
    for text in ("", "{}", "[]", "null", "x" * 20_000, shape.answer.replace("public-key", "password"), "[" * 9000):
        await refused("CF-2055", desk.confirmed(question, replace(shape, answer=text)))


async def test_a_count_that_goes_back_locks_the_passkey(desk, phone):
    await desk.enrol_app_beside()
    phone.count = 41
    question = await desk.asked(desk.deed())
    await desk.confirmed(question, desk.answered(question, phone))
    question = await desk.asked(desk.deed())
    phone.count = 41
    await refused("CF-2056", desk.confirmed(question, desk.answered(question, phone)))
    phone.count = 1000
    await refused("CF-2056", desk.confirmed(question, desk.answered(question, phone)))
    assert (await desk.asked(desk.deed())).passkeys == ()


async def test_a_device_that_never_counts_stays_usable(desk):
    quiet = desk.device()
    quiet.count = -1
    quiet.count = 0
    await desk.enrol(quiet)
    for _ in range(2):
        quiet.count = -1
        question = await desk.asked(desk.deed())
        await desk.confirmed(question, desk.answered(question, quiet))


async def test_a_question_is_over_after_120_seconds_and_when_the_clock_was_set_back(desk, phone):
    question = await desk.asked(desk.deed())
    await desk.means.clock.advance(119.9)
    await desk.confirmed(question, desk.answered(question, phone))
    question = await desk.asked(desk.deed())
    await desk.means.clock.advance(120)
    await refused("CF-2052", desk.confirmed(question, desk.answered(question, phone)))
    question = await desk.asked(desk.deed())
    desk.means.clock.set_back(1)
    await refused("CF-2052", desk.confirmed(question, desk.answered(question, phone)))


async def test_a_question_of_another_session_or_person_is_none(desk, phone, factors, place):
    question = await desk.asked(desk.deed())
    other = await Desk.open(factors, place, "99")
    answer = desk.answered(question, phone)
    ticket, options = await other.second_question()
    await other.second(PasskeyShown(phone.get(options)), ticket)
    await refused("CF-2052", other.confirmed(question, answer))
    for question_id in ("", "x", "0" * 36, question.id.upper() + "0"):
        await refused("CF-2052", pending(factors, desk.session, question_id))


async def test_whoever_has_not_shown_the_second_factor_is_not_even_asked(desk, phone, factors, place):
    other = await Desk.open(factors, place, "99")
    await refused("CF-2050", other.asked(other.deed()))
    supervisor = await Desk.open(factors, place, "80")
    await refused("CF-2051", supervisor.asked(supervisor.deed()))


async def test_a_code_and_the_password_stand_in_for_a_passkey_and_are_bound_to_the_deed(desk):
    await desk.enrol_app()
    question = await desk.asked(desk.deed(hold="h1"))
    assert (question.by_code, question.passkeys) == (True, ())
    await desk.means.clock.advance(30)
    await refused("CF-2057", desk.confirmed(question, CodeShown(desk.code(), Secret(WRONG))))
    await refused("CF-2057", desk.confirmed(question, CodeShown("000000", desk.password)))
    await refused("CF-2064", desk.confirmed(question, desk.typed(), desk.deed(hold="h2")))
    made = await desk.confirmed(question, desk.typed())
    assert made.actor.auth == "pin+totp"
    said = json.loads((await approval(desk.means.store, desk.actor.merchant_id, made.approval_id)).evidence)
    assert said["method"] == "totp"
    assert said["deed"]["what"] == {"hold": "h1"}
    assert said["session_sha256"] == hashlib.sha256(desk.session.id.encode()).hexdigest()
    await refused("CF-2052", desk.confirmed(question, desk.typed()))


async def test_a_code_counts_once_also_for_another_deed(desk):
    await desk.enrol_app()
    await desk.means.clock.advance(30)
    one, other = await desk.asked(desk.deed(hold="h1")), await desk.asked(desk.deed(hold="h2"))
    typed = desk.typed()
    await desk.confirmed(one, typed)
    await refused("CF-2058", desk.confirmed(other, typed))
    await refused("CF-2058", desk.confirmed(other, desk.typed(-1)))


async def test_a_recovery_code_confirms_nothing(desk):
    await desk.enrol_app()
    question = await desk.asked(desk.deed())
    await refused("CF-2065", desk.confirmed(question, RecoveryShown(desk.codes[0])))


async def test_the_form_comes_back_sealed_and_lies_nowhere_in_clear(desk, phone, everything):
    question = await desk.asked(desk.deed(), secret_key="canary-51c0ffee")
    assert b"canary-51c0ffee" not in await everything()
    assert (await pending(desk.means, desk.session, question.id)).form == {"secret_key": "canary-51c0ffee"}


async def test_a_second_person_confirms_the_same_deed(desk, phone, factors, place):
    other = await another_administrator(desk, factors, place)
    deed = desk.deed(hold="h1")
    mine, theirs = await desk.asked(deed), await other.asked(deed)
    assert mine.challenge != theirs.challenge
    await desk.confirmed(mine, desk.answered(mine, phone))
    made = await other.confirmed(theirs, other.typed(1))
    first, second = await approvals(factors.store, desk.actor.merchant_id)
    assert first.request_sha256 == second.request_sha256 == deed.sha256()
    assert {first.person_id, second.person_id} == {desk.actor.person_id, other.actor.person_id}
    assert made.actor.person_id == other.actor.person_id
