"""Which payments are meant: the query that find, totals and export share."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from counterfoil import records
from counterfoil.basis import from_rfc3339
from counterfoil.doors.api.endpoint import Call
from counterfoil.doors.api.fields import Day, Entry, Method, Minor, Number, Operator, Provider, TimeText, Uuid, Wallet
from counterfoil.doors.faults import WRONG_VALUE
from counterfoil.doors.said import said
from counterfoil.payments import MoneyState
from counterfoil.people import Permission, person_by_number

_ID_LENGTH: Final = 36


class Filter(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is sought; whatever is left out does not narrow the search."""

    from_: Annotated[TimeText | None, said("RFC 3339; inclusive", "起始时间（含），RFC 3339")] = msgspec.field(
        name="from", default=None
    )
    to: Annotated[TimeText | None, said("RFC 3339; exclusive", "结束时间（不含），RFC 3339")] = None
    first_day: Annotated[Day | None, said("First business day of the shop; inclusive", "起始营业日（含）")] = None
    last_day: Annotated[Day | None, said("Last business day of the shop; inclusive", "截止营业日（含）")] = None
    amount_min: Annotated[Minor | None, said("Minor units; inclusive", "最小金额（含），最小单位")] = None
    amount_max: Annotated[Minor | None, said("Minor units; inclusive", "最大金额（含），最小单位")] = None
    method: Annotated[Method | None, said("How it came technically", "收款方式")] = None
    wallet: Annotated[Wallet | None, said("With whom the customer paid", "付款钱包")] = None
    entry: Annotated[Entry | None, said("How code or card was read", "受理方式")] = None
    status: Annotated[MoneyState | None, said("Where the money is", "款项状态")] = None
    shop_id: Annotated[Uuid | None, said("The shop", "门店")] = None
    terminal_id: Annotated[Uuid | None, said("The terminal", "终端")] = None
    operator: Annotated[Operator | None, said("Who took it: operator number, or id", "操作员号，或操作员的编号")] = None
    provider: Annotated[Provider | None, said("The payment provider, by its id", "支付服务商的标识")] = None
    account_id: Annotated[Uuid | None, said("The provider account", "收款通道的编号")] = None
    number: Annotated[
        Number | None,
        said(
            "Any of its numbers: order, voucher, reference, provider's, wallet's, bill, last four",
            "任一号码：订单号、凭证号、参考号、渠道或钱包交易号、账单号、卡号后四位",
        ),
    ] = None
    unpaid: Annotated[
        Literal["show", "hide"],
        said(
            "Whether to show what ended without money: declined, expired, reversed",
            "未收到款且已结束的（被拒绝、已关单、已冲正）是否列出",
        ),
    ] = "show"


async def sought(call: Call, query: Filter) -> records.Find:
    """The question for ``records``, within what the key may see.

    Raises WRONG_VALUE for a time that is none and an operator who is nobody.
    """
    return records.Find(
        from_=_micros("from", query.from_),
        to=_micros("to", query.to),
        first_day=query.first_day,
        last_day=query.last_day,
        amount_min=query.amount_min,
        amount_max=query.amount_max,
        method=query.method,
        wallet=query.wallet,
        entry=query.entry,
        status=query.status,
        shop_id=_lower(query.shop_id),
        terminal_id=_lower(query.terminal_id),
        operator_id=await _operator(call, query.operator),
        provider=query.provider,
        account_id=_lower(query.account_id),
        number=query.number,
        hide_unpaid=query.unpaid == "hide",
        shop_ids=call.actor.shops_for(Permission.READ),
    )


async def _operator(call: Call, text: str | None) -> str | None:
    if text is None or len(text) == _ID_LENGTH:
        return _lower(text)
    found = await person_by_number(call.app.store, call.actor.merchant_id, text)
    if found is None:
        raise WRONG_VALUE(field="operator", name="operator")
    return found.id


def _micros(name: str, text: str | None) -> int | None:
    try:
        return None if text is None else from_rfc3339(text)
    except ValueError:
        raise WRONG_VALUE(field=name, name=name) from None


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()
