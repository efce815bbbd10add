"""Payments taken by the real program are sound; its day's sums are those of the log."""

import sqlite3
from contextlib import closing

from counterfoil.basis import Money
from counterfoil.evidence import Against, Found, registry, verify
from counterfoil.payments import DayTotalsFold, RefundAsk, VoidAsk, refund, take, void
from counterfoil.store import open_reading
from counterfoil.testing.house import open_house


async def test_what_the_program_wrote_is_sound_and_an_edited_sum_is_named(tmp_path):
    async with open_house(tmp_path) as house:
        for ask in (house.cash_payment(1200), house.code_payment(3800), house.code_payment(4500)):
            taken = await take(house.app.payments, house.actor(), ask)
        voiding = VoidAsk(id=house.app.ids.uuid(), payment_id=taken.id, reason="TEST")
        await void(house.app.payments, house.actor(), voiding)
        taken = await take(house.app.payments, house.actor(), house.code_payment(900))
        refunding = RefundAsk(id=house.app.ids.uuid(), payment_id=taken.id, amount=Money(300), reason="PRICE")
        await refund(house.app.payments, house.actor(), refunding)
        await house.app.signer.sign_all()
        report = await _verified(house.app, tmp_path)
        assert report.findings == []
        assert report.leaves > 8
    with closing(sqlite3.connect(tmp_path / "data" / "counterfoil.db")) as db, db:
        db.execute("UPDATE day_totals SET minor = minor - 100 WHERE method = 'cash'")
        db.execute("UPDATE merchant_day SET refunds = 0")
    report = await _verified(house.app, tmp_path)
    assert [
        (each.found, each.table, each.key[-3 if each.table == "day_totals" else -1]) for each in report.findings
    ] == [
        (Found.TOTAL_DIFFERS, "day_totals", "cash"),
        (Found.TOTAL_DIFFERS, "merchant_day", "refund"),
    ]


async def _verified(app, folder):
    address = app.settings.database_address(folder / "data")
    async with open_reading(address, clock=app.clock) as source:
        folds = (DayTotalsFold(source),)
        against = Against(folder / "data", app.log_key.public_key, registry(), app.clock.now(), folds)
        return await verify(source, against, all_=True)
