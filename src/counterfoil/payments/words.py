"""The one word a person reads for a state of the money."""

from typing import Final

from counterfoil.basis import Both
from counterfoil.payments.states import MoneyState

_WORDS: Final = {
    MoneyState.CREATED: Both("待支付", "not sent yet"),
    MoneyState.SENT: Both("待确认", "being checked"),
    MoneyState.EXPIRED: Both("已关单", "closed"),
    MoneyState.AUTHORIZED: Both("已预授权", "authorised"),
    MoneyState.CAPTURING: Both("预授权完成中", "being captured"),
    MoneyState.CAPTURED: Both("收款成功", "received"),
    MoneyState.DECLINED: Both("被拒绝", "declined"),
    MoneyState.UNKNOWN: Both("待确认", "being checked"),
    MoneyState.REVERSING: Both("冲正中", "being reversed"),
    MoneyState.REVERSED: Both("已冲正（未收款）", "reversed (not received)"),
    MoneyState.VOIDING: Both("撤销中", "being voided"),
    MoneyState.VOIDED: Both("已撤销", "voided"),
    MoneyState.PART_REFUNDED: Both("部分退款", "partly refunded"),
    MoneyState.REFUNDED: Both("已退款", "refunded"),
    MoneyState.MANUAL: Both("待人工处理", "needs a person"),
}


def state_words(state: MoneyState) -> Both:
    """The state's word in both languages."""
    return _WORDS[state]
