"""The payment as the API answers it: every field a caller may see, and nothing of how it is driven."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

import msgspec

from counterfoil.basis import Fault, rfc3339
from counterfoil.doors.api.endpoint import Call
from counterfoil.doors.said import said
from counterfoil.payments import (
    Dispute,
    MoneyState,
    PaymentLeg,
    Settlement,
    Visibility,
    told_of,
    told_of_leg,
)
from counterfoil.payments import Payment as Kept

S = TypeVar("S", bound=msgspec.Struct)


class State(msgspec.Struct, kw_only=True):
    """Four regions that move independently."""

    money: Annotated[MoneyState, said("Where the money is", "款项状态")]
    settlement: Annotated[Settlement, said("Whether the provider's statement has met it", "对账状态")]
    visibility: Annotated[Visibility, said("Whether everyday lists show it", "显示状态")]
    dispute: Annotated[Dispute, said("Whether the customer's bank disputes it", "争议状态")]


class Times(msgspec.Struct, kw_only=True):
    """RFC 3339, UTC."""

    taken_at: Annotated[str, said("When it was asked for", "发起时间", shown={"format": "date-time"})]
    captured_at: Annotated[str | None, said("When the money was received", "收款时间")]
    ended_at: Annotated[str | None, said("When it came to its end", "完结时间")]


class Told(msgspec.Struct, kw_only=True):
    """An outcome in the words of the fault catalogue."""

    code: Annotated[str, said("Stable code of the catalogue", "目录中的固定编号", pattern="^CF-[0-9]{4}$")]
    what: Annotated[str, said("What happened", "发生了什么")]
    money: Annotated[str, said("What it means for the money", "对款项意味着什么")]
    do: Annotated[str, said("What to do now", "现在怎么做")]


# The states of a leg, and what becomes of a refund the account does not cover.
LegShown: TypeAlias = Literal["created", "queued", "sent", "done", "failed", "cancelled", "unknown"]


class Leg(msgspec.Struct, kw_only=True):
    """A void, a withdrawal or a refund of a payment, under its own order number."""

    id: Annotated[str, said("The id it was asked with", "请求时的编号")]
    order_no: Annotated[str, said("Our order number of it", "本次操作的订单号")]
    state: Annotated[
        LegShown,
        said(
            "How far it is; queued: the account does not cover it yet, tried again by itself",
            "处理状态；queued 为排队中，自动再试",
        ),
    ]
    amount_minor: Annotated[int, said("Amount in minor units", "金额（最小单位）")]
    currency: Annotated[str, said("ISO 4217 code", "货币代码")]
    reason: Annotated[str, said("Why it was asked for", "原因")]
    reason_text: Annotated[str | None, said("The reason in words", "原因说明")]
    actor_id: Annotated[str, said("Who asked for it", "操作人")]
    approver_id: Annotated[str | None, said("Who approved it", "批准人")]
    terminal_id: Annotated[str | None, said("Where it was asked for", "操作终端")]
    returned_minor: Annotated[int | None, said("What the customer got back", "实际退回顾客的金额")]
    provider_trade_no: Annotated[str | None, said("The provider's trade number", "渠道交易号")]
    wallet_trade_no: Annotated[str | None, said("The wallet's trade number", "钱包交易号")]
    decline_reason: Annotated[str | None, said("Why the provider said no, or why it is queued", "渠道拒绝或排队的原因")]
    queued_at: Annotated[str | None, said("Since when it was queued", "开始排队的时间")]
    next_try_at: Annotated[str | None, said("When it is tried again at the latest", "最晚何时再试")]
    told: Annotated[Told | None, said("Why it was not carried out", "没有办成的说明")]
    business_day: Annotated[str, said("The shop's day", "门店营业日")]
    clearing_day: Annotated[str, said("The provider account's day", "渠道清算日")]
    asked_at: Annotated[str, said("When it was asked for", "发起时间", shown={"format": "date-time"})]
    ended_at: Annotated[str | None, said("When it came to its end", "完结时间")]


class Payment(msgspec.Struct, kw_only=True):
    """One payment as it stands now. Amounts are whole minor units of ``currency``."""

    id: Annotated[str, said("The caller's id", "调用方的编号")]
    order_no: Annotated[
        str, said("Our order number, 24 digits, printed on the receipt", "订单号，24 位数字，印在小票上")
    ]
    state: State
    amount_minor: Annotated[int, said("What was asked for", "应收金额")]
    payer_minor: Annotated[int | None, said("What the customer really paid", "顾客实付")]
    merchant_discount_minor: Annotated[int | None, said("Discount borne by the merchant", "商户优惠")]
    platform_discount_minor: Annotated[int | None, said("Discount borne by the wallet", "平台优惠")]
    fee_minor: Annotated[int | None, said("The provider's fee", "手续费")]
    net_minor: Annotated[int | None, said("What the merchant receives", "到账金额")]
    tendered_minor: Annotated[int | None, said("Cash handed over", "现金实收")]
    change_minor: Annotated[int | None, said("Change given", "找零")]
    rounding_minor: Annotated[int | None, said("Rounding of cash", "抹零")]
    refunded_minor: Annotated[int, said("Refunded so far", "已退金额")]
    refund_reserved_minor: Annotated[int, said("In refunds under way", "退款处理中的金额")]
    refundable_minor: Annotated[int, said("What may still be refunded", "还可退的金额")]
    currency: Annotated[str, said("ISO 4217 code", "货币代码")]
    method: Annotated[str, said("How it came technically", "收款方式")]
    wallet: Annotated[str, said("With whom the customer paid", "付款钱包")]
    card_kind: Annotated[str, said("Kind of card, as far as known", "卡类型")]
    entry: Annotated[str, said("How the card or code was read", "读取方式")]
    last_four: Annotated[str | None, said("Last four digits of the card", "卡号后四位")]
    slip_batch_no: Annotated[
        str | None, said("Batch number on the slip of the provider's card terminal", "银行卡终端签购单上的批次号")
    ]
    slip_voucher_no: Annotated[
        str | None, said("Voucher number on the slip of the provider's card terminal", "银行卡终端签购单上的凭证号")
    ]
    provider: Annotated[str, said("Which provider carries it", "收款渠道")]
    shop_id: Annotated[str, said("The shop", "门店")]
    terminal_id: Annotated[str, said("The terminal", "终端")]
    operator_id: Annotated[str | None, said("Who took it; null for the printed code", "操作员；台卡收款码为 null")]
    voucher_no: Annotated[int | None, said("Voucher number of the terminal", "凭证号")]
    batch_no: Annotated[int, said("Batch number", "批次号")]
    reference_no: Annotated[str | None, said("Reference number", "参考号")]
    provider_trade_no: Annotated[str | None, said("The provider's trade number", "渠道交易号")]
    wallet_trade_no: Annotated[str | None, said("The wallet's trade number", "钱包交易号")]
    bill_ref: Annotated[str | None, said("The caller's bill", "账单号")]
    invoice_ref: Annotated[str | None, said("The caller's invoice", "发票号")]
    times: Times
    business_day: Annotated[str, said("The shop's day", "门店营业日")]
    clearing_day: Annotated[str, said("The provider account's day", "渠道清算日")]
    void_until: Annotated[str, said("Until when it can be voided", "可撤销的截止时间", shown={"format": "date-time"})]
    in_flight: Annotated[bool, said("Whether something is still open with the provider", "是否仍在等待渠道结果")]
    awaiting: Annotated[
        str | None, said("What is waited for: customer, provider, funds", "在等什么：顾客、渠道、可退余额")
    ]
    code: Annotated[
        str | None,
        said(
            "What the customer scans, to be drawn as a QR code; only while it can be paid",
            "收款码内容（画成二维码），仅在可付款时给出",
        ),
    ]
    code_until: Annotated[
        str | None, said("When the code, or the bill at the card terminal, ends", "收款码或终端上的单失效时间")
    ]
    decline_reason: Annotated[str | None, said("Why the provider said no", "渠道拒绝原因")]
    told: Annotated[Told | None, said("Why it was not received, or is not known to be", "没有收到、或还不知道的说明")]
    refunds: Annotated[list[Leg], said("Oldest first", "退款，先发起的在前")]
    void: Annotated[Leg | None, said("The void asked for last", "最近一次撤销")]
    withdrawal: Annotated[Leg | None, said("The undoing of a payment that was not known to be paid", "撤回")]
    position: Annotated[
        int | None, said("Position of its newest fact in the merchant's log", "最新一条存证在日志中的位置")
    ]


def shown(call: Call, kept: Kept) -> Payment:
    """The answer for a payment, its words in the caller's language."""
    own = {
        "state": _same(State, kept),
        "told": _told(call, told_of(kept, call.app.manifests[kept.provider])),
        "times": Times(
            taken_at=rfc3339(kept.taken_at), captured_at=_time(kept.captured_at), ended_at=_time(kept.ended_at)
        ),
        "code_until": _time(kept.code_until),
        "refundable_minor": kept.refundable.minor,
        "void_until": rfc3339(kept.void_until),
        "refunds": [_leg(call, kept, leg) for leg in kept.refunds],
        "void": _leg(call, kept, kept.void) if kept.void else None,
        "withdrawal": _leg(call, kept, kept.reversal) if kept.reversal else None,
    }
    return _same(Payment, kept, own)


def _leg(call: Call, kept: Kept, leg: PaymentLeg) -> Leg:
    told = _told(call, told_of_leg(leg, call.app.manifests[kept.provider]))
    times = {
        "asked_at": rfc3339(leg.asked_at),
        "ended_at": _time(leg.ended_at),
        "queued_at": _time(leg.queued_at),
        "next_try_at": _time(leg.due_at),
    }
    return _same(Leg, leg, {"state": leg.shown_as, "told": told, **times})


def _told(call: Call, fault: Fault | None) -> Told | None:
    return None if fault is None else _same(Told, fault.tell(call.language))


def _same(shape: type[S], kept: object, own: dict[str, Any] | None = None) -> S:
    """A ``shape`` of ``own`` and, for the rest, what ``kept`` calls by the same name."""
    given = own or {}
    names: Iterable[str] = shape.__struct_fields__
    return shape(**{name: given[name] if name in given else getattr(kept, name) for name in names})


def _time(micros: int | None) -> str | None:
    return None if micros is None else rfc3339(micros)
