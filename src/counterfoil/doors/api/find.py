"""``GET /payments``: find payments, newest first, page by page."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import records
from counterfoil.basis import Both, from_rfc3339
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.fields import Method, Minor, Number, TimeText, Token, Uuid, Wallet
from counterfoil.doors.api.payment import Payment, shown
from counterfoil.doors.faults import WRONG_VALUE
from counterfoil.doors.said import said
from counterfoil.payments import MoneyState

PAGE: Final = 50


class Found(msgspec.Struct, kw_only=True):
    """One page."""

    items: list[Payment]
    next: Annotated[str | None, said("Token of the next page; null on the last", "下一页的标记；最后一页为 null")]


class Find(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is sought; whatever is left out does not narrow the search."""

    from_: Annotated[TimeText | None, said("RFC 3339; inclusive", "起始时间（含），RFC 3339")] = msgspec.field(
        name="from", default=None
    )
    to: Annotated[TimeText | None, said("RFC 3339; exclusive", "结束时间（不含），RFC 3339")] = None
    amount_min: Annotated[Minor | None, said("Minor units; inclusive", "最小金额（含），最小单位")] = None
    amount_max: Annotated[Minor | None, said("Minor units; inclusive", "最大金额（含），最小单位")] = None
    method: Annotated[Method | None, said("How it came technically", "收款方式")] = None
    wallet: Annotated[Wallet | None, said("With whom the customer paid", "付款钱包")] = None
    status: Annotated[MoneyState | None, said("Where the money is", "款项状态")] = None
    shop_id: Annotated[Uuid | None, said("The shop", "门店")] = None
    terminal_id: Annotated[Uuid | None, said("The terminal", "终端")] = None
    operator: Annotated[Uuid | None, said("Id of who took it", "操作员的编号")] = None
    number: Annotated[
        Number | None,
        said(
            "Any of its numbers: order, voucher, reference, provider's, wallet's, bill, last four",
            "任一号码：订单号、凭证号、参考号、渠道或钱包交易号、账单号、卡号后四位",
        ),
    ] = None
    limit: Annotated[int, said("Payments a page", "每页笔数", ge=1, le=records.LIMIT_MAX)] = PAGE
    after: Annotated[
        Token | None, said("The token of the page before, of the same query", "上一页给出的标记，须为相同条件")
    ] = None


async def find(call: Call) -> Reply:
    """Ask ``records.find``."""
    page = await records.find(call.app.records, call.actor.merchant_id, _sought(call))
    return Reply(200, Found(items=[shown(call, one) for one in page.items], next=page.next))


def _sought(call: Call) -> records.Find:
    query = call.sought(Find)
    return records.Find(
        from_=_micros("from", query.from_),
        to=_micros("to", query.to),
        amount_min=query.amount_min,
        amount_max=query.amount_max,
        method=query.method,
        wallet=query.wallet,
        status=query.status,
        shop_id=_lower(query.shop_id),
        terminal_id=_lower(query.terminal_id),
        operator_id=_lower(query.operator),
        number=query.number,
        shop_ids=call.actor.shop_ids,
        limit=query.limit,
        after=query.after,
    )


def _micros(name: str, text: str | None) -> int | None:
    try:
        return None if text is None else from_rfc3339(text)
    except ValueError:
        raise WRONG_VALUE(field=name, name=name) from None


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


FIND: Final = Endpoint(
    method="GET",
    path="/payments",
    name="find",
    scope="read",
    title=Both("查找交易", "Find payments"),
    story=Both(
        "新的在前。from 含，to 不含。翻页时原样带上条件，并把 next 放入 after。",
        "Newest first; from is inclusive, to exclusive. For the next page send the same query with next as after.",
    ),
    query=Find,
    answers={200: Answer(Both("一页交易", "One page of payments"), Found)},
    faults=records.FAULTS,
    run=find,
)
