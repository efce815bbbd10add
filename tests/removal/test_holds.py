"""Legal holds: one person places, one asks, another lifts; meanwhile nothing of the money changes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from counterfoil.basis import Money, Refused, Secret
from counterfoil.evidence import newest_of
from counterfoil.payments import MoneyState, RefundAsk, Visibility, load, refund, take
from counterfoil.payments.tables import payment as payment_table
from counterfoil.people import NewPerson, Role, add_operator, switch_operator
from counterfoil.records import Find, find
from counterfoil.records.facts import RECEIPT_REPRINTED
from counterfoil.removal import (
    HOLD,
    REASONS,
    FindHolds,
    HoldEvent,
    HoldState,
    PlaceHold,
    ask_to_lift,
    find_holds,
    hold_by_id,
    holds_of,
    lift_hold,
    newest_hold,
    number_in,
    place_hold,
)
from counterfoil.removal.tables import record_hold
from counterfoil.store import Change, Guard, Stale
from counterfoil.testing.house import EMAILS, NUMBERS, PASSWORD, open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds


@pytest.fixture
async def house(tmp_path, store_address):
    async with open_house(tmp_path, database=store_address) as opened:
        yield opened


def boss(house):
    return house.actor(Role.ADMINISTRATOR)


async def another(house, number="98"):
    new = NewPerson(
        number=number,
        name="另一位",
        role=Role.ADMINISTRATOR,
        password=Secret(PASSWORD),
        email=f"{number}@example.com",
        office_password=Secret(PASSWORD),
    )
    made = await add_operator(house.app.people, boss(house), new)
    return replace(boss(house), person_id=made.id)


def lifted(house, hold_id, number="98", password=PASSWORD):
    """By the person of ``number``, at the desk of the one who asked."""
    return lift_hold(house.app.people, boss(house), hold_id, f"{number}@example.com", Secret(password))


async def taken(house):
    return await take(house.app.payments, house.actor(), house.code_payment())


async def placed(house, payment, reason="DISPUTE", reference=None):
    asked = PlaceHold(id=house.app.ids.uuid(), payment_id=payment.id, reason=reason, reference=reference)
    await place_hold(house.app.people, boss(house), asked)
    return asked.id


async def read(house, hold_id):
    return await hold_by_id(house.app.store, 1, hold_id)


async def every(house):
    return [hold for hold, _ in (await find_holds(house.app.records, 1, FindHolds(limit=100))).items]


async def refused(code, act):
    with pytest.raises(Refused) as one:
        await act
    assert one.value.kind.code == code
    return one.value


def removal(house, payment):
    """What a removal will write, out of a record as it was read: here straight into the store."""
    return Change(
        change_id=house.app.ids.uuid(),
        merchant_id=1,
        guards=(Guard(payment_table, payment.row, {"visibility": Visibility.HIDDEN.value}),),
        facts=(RECEIPT_REPRINTED.fact(at=house.app.clock.now(), subject=payment.id),),
    )


def test_the_table_of_moves_in_full():
    legal = {
        (HoldState.HELD, HoldEvent.ASK_TO_LIFT): HoldState.LIFTING,
        (HoldState.LIFTING, HoldEvent.LIFT): HoldState.LIFTED,
    }
    for state in HoldState:
        for event in HoldEvent:
            assert HOLD.move(state, event) == legal.get((state, event))
    assert HOLD.final == {HoldState.LIFTED}


async def test_a_hold_is_placed_asked_about_and_lifted_by_three_acts_of_two_persons(house):
    payment, other = await taken(house), await another(house)
    hold_id = await placed(house, payment)
    assert [each.name for each in await holds_of(house.app.store, 1, payment.id)] == ["BQ-0001"]
    await ask_to_lift(house.app.people, boss(house), hold_id)
    assert (await read(house, hold_id)).holds
    await lifted(house, hold_id)
    found = await read(house, hold_id)
    assert (found.state, found.placed_by, found.lifting_by, found.lifted_by) == (
        HoldState.LIFTED,
        boss(house).person_id,
        boss(house).person_id,
        other.person_id,
    )
    assert await holds_of(house.app.store, 1, payment.id) == []
    leaves = [leaf for _, leaf in await newest_of(house.app.store, 1, payment.id, 3)]
    assert [leaf["type"] for leaf in leaves] == ["hold.lifted", "hold.lifting", "hold.placed"]
    assert {(leaf["hold"], leaf["number"]) for leaf in leaves} == {(hold_id, 1)}
    assert (leaves[0]["actor"], leaves[0]["desk"]) == (other.person_id, boss(house).person_id)
    assert leaves[-1]["reason"] == "DISPUTE"
    await assert_evidence_holds(house)


async def test_whoever_asked_does_not_lift_and_nobody_asks_or_lifts_where_another_did(house):
    payment, other = await taken(house), await another(house)
    hold_id = await placed(house, payment)
    people = house.app.people
    await refused("CF-8003", lifted(house, hold_id))
    await ask_to_lift(people, boss(house), hold_id)
    await refused("CF-8003", ask_to_lift(people, other, hold_id))
    await refused("CF-8004", lifted(house, hold_id, NUMBERS[Role.ADMINISTRATOR]))
    assert (await read(house, hold_id)).state is HoldState.LIFTING
    await lifted(house, hold_id)
    await refused("CF-8003", lifted(house, hold_id, NUMBERS[Role.ADMINISTRATOR]))
    await refused("CF-8003", ask_to_lift(people, other, hold_id))


async def test_only_administrators_and_only_for_a_reason_on_a_record_that_is_there(house):
    payment, hold_id = await taken(house), house.app.ids.uuid()
    asked = PlaceHold(id=hold_id, payment_id=payment.id, reason="AUDIT")
    people = house.app.people
    for role in (Role.CASHIER, Role.SUPERVISOR):
        await refused("CF-2021", place_hold(people, house.actor(role), asked))
    for reason in ("", "audit", "因为"):
        await refused("CF-8005", place_hold(people, boss(house), replace(asked, reason=reason)))
    await refused("CF-8006", place_hold(people, boss(house), replace(asked, payment_id=house.app.ids.uuid())))
    await refused("CF-8006", place_hold(people, replace(boss(house), merchant_id=2), asked))
    assert await every(house) == []
    real = await placed(house, payment)
    for who, id_, code in (
        (house.actor(Role.SUPERVISOR), real, "CF-2021"),
        (boss(house), hold_id, "CF-8002"),
        (replace(boss(house), merchant_id=2), real, "CF-8002"),
    ):
        await refused(code, ask_to_lift(people, who, id_))
        await refused(code, lift_hold(people, who, id_, EMAILS[Role.ADMINISTRATOR], Secret(PASSWORD)))
    assert (await read(house, real)).row["version"] == 1


async def test_the_reference_is_kept_for_people_and_only_its_commitment_is_evidence(house):
    payment, case = await taken(house), "（2026）沪0101民初417号"
    row = (await read(house, await placed(house, payment, "COURT_ORDER", f" {case} "))).row
    assert (row["reference"], bool(row["reference_salt"]), bool(row["reference_commitment"])) == (case, True, True)
    ((_, leaf),) = await newest_of(house.app.store, 1, payment.id, 1)
    assert leaf["type"] == "hold.placed"
    assert case not in json.dumps(leaf, ensure_ascii=False)
    assert (await read(house, await placed(house, payment, reference="  "))).reference is None
    await assert_evidence_holds(house)


async def test_a_reference_fits_and_can_be_printed_or_nothing_is_placed(house):
    payment = await taken(house)
    for reference in ("案" * 65, "a\nb", "a\x00", "\u202eabc"):
        await refused("CF-8007", placed(house, payment, reference=reference))
    assert await every(house) == []
    await placed(house, payment, reference="案" * 64)


async def test_a_hold_sent_twice_is_placed_once_and_each_has_a_number_of_its_own(house):
    payment = await taken(house)
    asked = PlaceHold(id=house.app.ids.uuid(), payment_id=payment.id, reason="COURT_ORDER")
    await asyncio.gather(*(place_hold(house.app.people, boss(house), asked) for _ in range(6)))
    await asyncio.gather(*(placed(house, payment, reason) for reason in REASONS))
    found = await every(house)
    assert len(found) == 5
    assert len({each.number for each in found}) == 5


async def test_the_same_id_with_other_content_is_refused_and_names_what_differs(house):
    first, second = await taken(house), await taken(house)
    people, id_ = house.app.people, house.app.ids.uuid()
    asked = PlaceHold(id=id_, payment_id=first.id, reason="COURT_ORDER", reference="2026-417")
    await place_hold(people, boss(house), asked)
    before = (await read(house, id_)).row
    for field, value in (
        ("payment_id", second.id),
        ("reason", "AUDIT"),
        ("reference", "2026-418"),
        ("reference", None),
    ):
        error = await refused("CF-8008", place_hold(people, boss(house), replace(asked, **{field: value})))
        assert (error.kind.status, error.field, error.fill["differs"]) == (409, field, field)
    await place_hold(people, boss(house), replace(asked, reference=" 2026-417 "))
    assert (await read(house, id_)).row == before
    assert await holds_of(house.app.store, 1, second.id) == []


async def test_an_id_that_is_a_payments_or_a_refunds_places_no_hold(house):
    payment = await taken(house)
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(100), reason="QUALITY")
    await refund(house.app.payments, house.actor(), ask)
    for used in (payment.id, ask.id):
        asked = PlaceHold(id=used, payment_id=payment.id, reason="AUDIT")
        error = await refused("CF-8008", place_hold(house.app.people, boss(house), asked))
        assert error.field == "id"
    assert await every(house) == []


async def test_a_removal_that_was_decided_without_seeing_the_hold_does_not_happen(house):
    payment = await taken(house)
    hold_id = await placed(house, payment)
    with pytest.raises(Stale):
        await house.app.store.commit(removal(house, payment))
    await ask_to_lift(house.app.people, boss(house), hold_id)
    await another(house)
    held = await load(house.app.store, 1, payment.id)
    await lifted(house, hold_id)
    with pytest.raises(Stale):
        await house.app.store.commit(removal(house, held))
    await house.app.store.commit(removal(house, await load(house.app.store, 1, payment.id)))
    await assert_evidence_holds(house)


async def test_of_a_hold_and_a_removal_at_the_same_moment_the_later_one_knows_the_earlier(house):
    await another(house)
    for turn in range(8):
        payment = await taken(house)
        acts = [placed(house, payment), house.app.store.commit(removal(house, payment))]
        ends = await asyncio.gather(*(acts if turn % 2 else acts[::-1]), return_exceptions=True)
        removed = (await load(house.app.store, 1, payment.id)).visibility is Visibility.HIDDEN
        assert len(await holds_of(house.app.store, 1, payment.id)) == 1
        assert [type(end) for end in ends if isinstance(end, Exception)] == ([] if removed else [Stale])
        (leaf,) = [
            leaf for _, leaf in await newest_of(house.app.store, 1, payment.id, 9) if leaf["type"] == "hold.placed"
        ]
        assert [row[0] for row in leaf["rows"]] == ["payment", "record_hold"]
    await assert_evidence_holds(house)


async def test_a_hold_and_a_refund_at_the_same_moment_both_happen(house):
    await another(house)
    payment = await taken(house)
    hold_id = await placed(house, payment)
    await ask_to_lift(house.app.people, boss(house), hold_id)
    # So few that what they commit cannot use up the rounds of the one who lifts, who loses one to each at the most.
    asks = [
        RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(100), reason="QUALITY") for _ in range(2)
    ]
    await asyncio.gather(
        *(refund(house.app.payments, house.actor(), ask) for ask in asks),
        *(placed(house, payment) for _ in range(2)),
        lifted(house, hold_id),
    )
    assert (await load(house.app.store, 1, payment.id)).refunded_minor == 200
    assert len(await holds_of(house.app.store, 1, payment.id)) == 2
    assert not (await read(house, hold_id)).holds
    await assert_evidence_holds(house)


async def test_a_hold_on_a_payment_under_way_neither_loses_its_outcome_nor_charges_twice(house):
    asks = [house.code_payment(1000 + n, wait_seconds=0) for n in range(4)]
    under_way = [await take(house.app.payments, house.actor(), ask) for ask in asks]
    assert all(payment.in_flight for payment in under_way)
    await asyncio.gather(*(placed(house, payment) for payment in under_way for _ in range(3)))
    ended = [await take(house.app.payments, house.actor(), replace(ask, wait_seconds=30)) for ask in asks]
    assert [payment.money for payment in ended] == [MoneyState.CAPTURED] * 4
    assert [len(await holds_of(house.app.store, 1, payment.id)) for payment in ended] == [3] * 4
    await assert_books_agree(house)
    await assert_evidence_holds(house)


async def test_asking_and_lifting_again_is_taken_as_done_from_the_same_person_only(house):
    payment, other = await taken(house), await another(house)
    hold_id = await placed(house, payment)
    people = house.app.people
    await asyncio.gather(*(ask_to_lift(people, boss(house), hold_id) for _ in range(4)))
    await refused("CF-8003", ask_to_lift(people, other, hold_id))
    await asyncio.gather(*(lifted(house, hold_id) for _ in range(4)))
    after = (await read(house, hold_id)).row
    await lifted(house, hold_id)
    await ask_to_lift(people, boss(house), hold_id)
    await refused("CF-8003", ask_to_lift(people, other, hold_id))
    await refused("CF-8003", lifted(house, hold_id, NUMBERS[Role.ADMINISTRATOR]))
    await refused("CF-2032", lifted(house, hold_id, password="wrong horse 12"))
    assert (await read(house, hold_id)).row == after
    leaves = [leaf["type"] for _, leaf in await newest_of(house.app.store, 1, payment.id, 9)]
    assert (leaves.count("hold.lifting"), leaves.count("hold.lifted")) == (1, 1)


async def test_of_an_erased_reference_nobody_can_tell_whether_it_is_the_same(house):
    payment = await taken(house)
    asked = PlaceHold(id=house.app.ids.uuid(), payment_id=payment.id, reason="AUDIT", reference="2026-417")
    await place_hold(house.app.people, boss(house), asked)
    gone = {"reference": None, "reference_salt": None}
    fact = RECEIPT_REPRINTED.fact(at=house.app.clock.now(), subject=payment.id)
    guards = (Guard(record_hold, (await read(house, asked.id)).row, gone),)
    await house.app.store.commit(Change(change_id=house.app.ids.uuid(), merchant_id=1, guards=guards, facts=(fact,)))
    assert (await read(house, asked.id)).reference_erased
    await place_hold(house.app.people, boss(house), asked)
    await refused("CF-8008", place_hold(house.app.people, boss(house), replace(asked, reason="DISPUTE")))
    await assert_evidence_holds(house)


async def test_the_list_goes_on_where_a_page_ended_and_finds_a_number_or_a_state(house):
    payment, _ = await taken(house), await another(house)
    ids = [await placed(house, payment) for _ in range(7)]
    await ask_to_lift(house.app.people, boss(house), ids[2])
    await ask_to_lift(house.app.people, boss(house), ids[5])
    await lifted(house, ids[5])

    async def read_on(limit, **asked):
        found, after = [], None
        while True:
            page = await find_holds(house.app.records, 1, FindHolds(limit=limit, after=after, **asked))
            assert all(amount == payment.amount for _, amount in page.items)
            found += [hold.id for hold, _ in page.items]
            after = page.next
            if after is None:
                return found

    for limit in (1, 2, 3, 7, 50):
        assert await read_on(limit) == ids[::-1], limit
        held = [each for each in ids[::-1] if each not in (ids[2], ids[5])]
        assert await read_on(limit, state=HoldState.HELD) == held, limit
    assert await read_on(1, state=HoldState.LIFTING) == [ids[2]]
    assert await read_on(1, state=HoldState.LIFTED) == [ids[5]]
    assert await read_on(1, number=4) == [ids[3]]
    assert await read_on(1, number=4, state=HoldState.LIFTED) == []
    assert (await find_holds(house.app.records, 2, FindHolds())).items == ()
    assert (await newest_hold(house.app.store, 1)).id == ids[6]


async def test_a_page_token_is_sealed_to_its_question(house):
    payment = await taken(house)
    for _ in range(3):
        await placed(house, payment)
    token = (await find_holds(house.app.records, 1, FindHolds(limit=1))).next
    await taken(house)
    of_payments = (await find(house.app.records, 1, Find(limit=1))).next
    for merchant, asked in (
        (1, FindHolds(after=token + "A")),
        (1, FindHolds(after=token[:-1])),
        (1, FindHolds(after="")),
        (1, FindHolds(after=of_payments)),
        (1, FindHolds(after=token, state=HoldState.HELD)),
        (1, FindHolds(after=token, number=1)),
        (2, FindHolds(after=token)),
    ):
        await refused("CF-3202", find_holds(house.app.records, merchant, asked))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("BQ-0012", 12),
        ("bq-12", 12),
        (" bq12 ", 12),
        ("ＢＱ－００１２", 12),
        ("１２", 12),
        ("BQ-123456", 123456),
        ("", None),
        ("BQ-", None),
        ("BQ-1234567", None),
        ("-", None),
        ("12.0", None),
        ("一二", None),
        ("BQ-0012x", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, number):
    assert number_in(typed) == number


async def test_who_lifts_proves_it_and_nothing_else_lifts(house):
    payment, _ = await taken(house), await another(house)
    hold_id = await placed(house, payment)
    await ask_to_lift(house.app.people, boss(house), hold_id)
    before = (await read(house, hold_id)).row
    await refused("CF-2032", lifted(house, hold_id, "nobody"))
    for role in (Role.CASHIER, Role.SUPERVISOR):
        await refused("CF-2021", lifted(house, hold_id, NUMBERS[role]))
    for _ in range(4):
        await refused("CF-2032", lifted(house, hold_id, password="wrong horse 12"))
    await refused("CF-2020", lifted(house, hold_id, password="wrong horse 12"))
    # Paused now, also with the right one.
    await refused("CF-2020", lifted(house, hold_id))
    assert (await read(house, hold_id)).row == before
    await assert_evidence_holds(house)


async def test_two_who_lift_at_the_same_moment_lift_it_once(house):
    payment, _, _ = await taken(house), await another(house), await another(house, "97")
    hold_id = await placed(house, payment)
    await ask_to_lift(house.app.people, boss(house), hold_id)
    by = [lifted(house, hold_id, number) for number in ("98", "97") for _ in range(4)]
    ends = await asyncio.gather(*by, return_exceptions=True)
    assert sorted(map(len, ([end for end in some if end is None] for some in (ends[:4], ends[4:])))) == [0, 4]
    assert {end.kind.code for end in ends if end is not None} == {"CF-8003"}
    leaves = await newest_of(house.app.store, 1, payment.id, 9)
    assert [leaf["type"] for _, leaf in leaves].count("hold.lifted") == 1


async def test_a_held_payment_is_refunded_as_ever_and_stays_held(house):
    payment = await taken(house)
    hold_id = await placed(house, payment)
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(3800), reason="QUALITY")
    assert (await refund(house.app.payments, house.actor(), ask)).money is MoneyState.REFUNDED
    assert (await load(house.app.store, 1, payment.id)).money is MoneyState.REFUNDED
    assert (await read(house, hold_id)).holds


async def test_an_administrator_who_was_disabled_meanwhile_lifts_nothing(house):
    payment, other = await taken(house), await another(house)
    hold_id = await placed(house, payment)
    await ask_to_lift(house.app.people, boss(house), hold_id)
    await switch_operator(house.app.people, boss(house), other.person_id, on=False)
    await refused("CF-2032", lifted(house, hold_id))
    assert (await read(house, hold_id)).holds
