"""A record's timeline is the log itself, and each event can be proven."""

from __future__ import annotations

from counterfoil.evidence import proof
from counterfoil.records import day_so_far, view


async def test_a_timeline_tells_each_move_with_its_position(day):
    house, paid, _ = day
    record = await view(house.app.records, 1, paid[2].id)
    assert [event.kind for event in record.events] == ["txn.sent", "txn.captured", "refund.created", "txn.refunded"]
    assert [(event.from_, event.to) for event in record.events] == [
        (None, "sent"),
        ("sent", "captured"),
        ("captured", "captured"),
        ("captured", "part_refunded"),
    ]
    assert [event.amount.minor for event in record.events] == [300, 300, 100, 100]
    assert record.events[-1].position == record.payment.position
    assert record.events[0].actor_id == house.actor().person_id
    await house.app.signer.sign_all()
    for event in record.events:
        assert (await proof(house.app.archive, 1, event.position)).startswith(b"c2sp.org/tlog-proof@v1\n")


async def test_another_merchant_sees_no_record(day):
    house, paid, _ = day
    assert await view(house.app.records, 2, paid[0].id) is None


async def test_the_days_sums_tell_sales_voids_and_refunds_apart(day):
    house, paid, _ = day
    totals = await day_so_far(house.app.records, 1, house.shop_id, paid[0].business_day)
    told = {(one.kind, one.method): (one.count, one.minor) for one in totals}
    assert told == {
        ("sale", "qr"): (4, 1000),
        ("sale", "cash"): (1, 500),
        ("void", "qr"): (1, 200),
        ("refund", "qr"): (1, 100),
    }
