"""``GET /payments/totals``: the exact totals of a selection."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import records
from counterfoil.basis import Both
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.fields import Currency
from counterfoil.doors.api.filter import Filter, sought
from counterfoil.doors.said import said


class Totals(msgspec.Struct, kw_only=True):
    """The totals of the selected payments, whenever a void or refund of them happened."""

    count: Annotated[int, said("Payments listed", "列出的笔数")]
    received: Annotated[int, said("Those of which the money was received", "其中收到款的笔数")]
    gross_minor: Annotated[int, said("What was received", "收款合计（最小单位）")]
    voids: Annotated[int, said("Those voided", "其中已撤销的笔数")]
    voided_minor: Annotated[int, said("What of it was voided", "撤销合计（最小单位）")]
    refunds: Annotated[int, said("Those refunded in whole or part", "其中有退款的笔数")]
    refunded_minor: Annotated[int, said("What of it was refunded", "退款合计（最小单位）")]
    net_minor: Annotated[int, said("gross − voided − refunded", "净额：收款 − 撤销 − 退款（最小单位）")]
    currency: Currency
    hidden: Annotated[int, said("Payments that unpaid=hide leaves out", "因 unpaid=hide 未列出的笔数")]


async def totals(call: Call) -> Reply:
    """Ask ``records.totals``."""
    asked = await sought(call, call.sought(Filter))
    found = await records.totals(call.app.records, call.actor.merchant_id, asked)
    return Reply(
        200,
        Totals(
            count=found.count,
            received=found.received,
            gross_minor=found.gross.minor,
            voids=found.voids,
            voided_minor=found.voided.minor,
            refunds=found.refunds,
            refunded_minor=found.refunded.minor,
            net_minor=found.net.minor,
            currency=found.gross.currency,
            hidden=found.hidden,
        ),
    )


TOTALS: Final = Endpoint(
    method="GET",
    path="/payments/totals",
    name="totals",
    scope="read",
    title=Both("合计", "Totals"),
    story=Both(
        "所选交易的合计，条件与查找相同；撤销和退款算在原交易上，不论发生在哪一天。",
        "Of everything the query of find selects, on all its pages. Voids and refunds count with their payment, "
        "on whatever day they happened.",
    ),
    query=Filter,
    answers={200: Answer(Both("合计", "The totals"), Totals)},
    faults=records.FAULTS,
    run=totals,
)
