"""``GET /day-totals``: what each business day of a range brought."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import people, records
from counterfoil.basis import Both, Money
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.fields import Currency, Day, Method, Uuid, Wallet
from counterfoil.doors.said import said


class DaysQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which days, and of what."""

    first_day: Annotated[Day, said("First business day; inclusive", "起始营业日（含）")]
    last_day: Annotated[
        Day,
        said(
            f"Last business day; inclusive, at most {records.DAYS_MAX} days in all",
            f"截止营业日（含），最多 {records.DAYS_MAX} 天",
        ),
    ]
    shop_id: Annotated[Uuid | None, said("The shop", "门店")] = None
    method: Annotated[Method | None, said("How it came technically", "收款方式")] = None
    wallet: Annotated[Wallet | None, said("With whom the customer paid", "付款钱包")] = None


class Sums(msgspec.Struct, kw_only=True):
    """What was received, voided and refunded, each on its own day."""

    payments: Annotated[int, said("Payments received", "收款笔数")]
    gross_minor: Annotated[int, said("What they brought", "收款合计（最小单位）")]
    voids: Annotated[int, said("Voids carried out", "撤销笔数")]
    voided_minor: Annotated[int, said("What was voided", "撤销合计（最小单位）")]
    refunds: Annotated[int, said("Refunds carried out", "退款笔数")]
    refunded_minor: Annotated[int, said("What was refunded", "退款合计（最小单位）")]
    net_minor: Annotated[
        int, said("gross − voided − refunded; may be below zero", "净额：收款 − 撤销 − 退款，可能为负（最小单位）")
    ]


class DayOf(Sums, kw_only=True):
    """The sums of one business day."""

    day: Annotated[str, said("The business day", "营业日", shown={"format": "date"})]


class DayTotals(msgspec.Struct, kw_only=True):
    """The days on which there was anything, oldest first, and their total."""

    days: Annotated[
        list[DayOf], said("A day each; days without anything are left out", "每天一项，没有任何款项的日子不列")
    ]
    total: Annotated[Sums, said("All of them together", "合计")]
    currency: Currency


async def day_totals(call: Call) -> Reply:
    """Ask ``records.business_days``."""
    query = call.sought(DaysQuery)
    asked = records.DaysAsked(
        first=query.first_day,
        last=query.last_day,
        shop_id=None if query.shop_id is None else query.shop_id.lower(),
        method=query.method,
        wallet=query.wallet,
        shop_ids=call.actor.shops_for(people.Permission.READ),
    )
    found = await records.business_days(call.app.records, call.actor.merchant_id, asked)
    return Reply(
        200,
        DayTotals(
            days=[DayOf(day=one.day, **_sums(one)) for one in found.days],
            total=Sums(**_sums(found.total)),
            currency=Money(found.total.net_minor).currency,
        ),
    )


def _sums(one: records.DaySums) -> dict[str, int]:
    return {name: getattr(one, name) for name in Sums.__struct_fields__}


DAY_TOTALS: Final = Endpoint(
    method="GET",
    path="/day-totals",
    name="day_totals",
    scope="read",
    title=Both("营业日合计", "Totals of business days"),
    story=Both(
        "每个营业日的收款、撤销、退款与净额，最长两年。撤销和退款计入办理当天，不计回收款那天。",
        "What each business day brought, what was voided and refunded and what is left, over two years at most. "
        "Voids and refunds count on the day they were carried out, not on that of their payment.",
    ),
    query=DaysQuery,
    answers={200: Answer(Both("各营业日与合计", "The days and their total"), DayTotals)},
    faults=records.FAULTS,
    run=day_totals,
)
