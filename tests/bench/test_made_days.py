"""The day totals that are loaded beside payments made up for measuring are a recount of them."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from contextlib import closing

from counterfoil.basis import SystemClock
from counterfoil.bench.made_records import MadeRecords
from counterfoil.bench.questions import DAY_QUESTIONS
from counterfoil.records import DAYS_MAX

PAYMENTS = 5_000


async def test_the_sums_of_both_tables_are_a_recount_of_the_payments(tmp_path):
    await MadeRecords(PAYMENTS).load(f"sqlite://{tmp_path}/made.db", SystemClock(), lambda _done, _of: None)
    with closing(sqlite3.connect(tmp_path / "made.db")) as db:
        db.row_factory = sqlite3.Row
        payments = db.execute("SELECT * FROM payment").fetchall()
        parts = db.execute("SELECT * FROM day_totals").fetchall()
        days = db.execute("SELECT * FROM merchant_day").fetchall()
    sums, by_merchant = Counter(), Counter()
    for one in payments:
        went = {"refund": one["refunded_minor"], "void": one["amount_minor"] if one["money"] == "voided" else 0}
        received = one["money"] in ("captured", "voided", "refunded", "part_refunded")
        for kind, minor in {"sale": one["amount_minor"] if received else 0, **went}.items():
            sums[tuple(one[name] for name in ("shop_id", "business_day", "method", "wallet")), kind] += minor
            by_merchant[one["merchant_id"], one["business_day"], kind] += minor
    assert {((*row[1:5],), row["kind"]): row["minor"] for row in parts if row["minor"]} == +sums
    assert sum(row["count"] for row in parts if row["kind"] == "sale") == sum(row["payments"] for row in days)
    stored = {"sale": "gross_minor", "void": "voided_minor", "refund": "refunded_minor"}
    assert {
        (row["merchant_id"], row["business_day"], kind): row[name]
        for row in days
        for kind, name in stored.items()
        if row[name]
    } == +by_merchant


def test_the_questions_of_days_are_of_all_that_were_made():
    made = MadeRecords(10)
    for question in DAY_QUESTIONS.values():
        asked = question(made, random.Random(1), 1)
        assert (asked.first, asked.last) == ("2023-11-14", "2025-11-13")
    assert DAYS_MAX == 731
