"""The faults of this area, CF-8001 to CF-8099."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused, trouble

_SAME_ZH: Final = "金额和合计都没有变化"
_SAME_EN: Final = "Amounts and totals are unchanged"

RECORD_HELD: Final = refused(
    "CF-8001",
    409,
    zh=Words(
        "这条记录已保全锁定，不能删除",
        _SAME_ZH,
        "锁定编号 {number}，{since} 由 {who} 设置。查看、打印、退款照常；解除须两人在后台办理，请联系 {who}",
    ),
    en=Words(
        "This record is under hold and cannot be removed",
        _SAME_EN,
        "Hold {number}, set {since} by {who}. Viewing, printing and refunding work as usual; two people lift it in the "
        "office. Contact {who}",
    ),
)
HOLD_UNKNOWN: Final = refused(
    "CF-8002",
    404,
    zh=Words("没有这个保全锁定", _SAME_ZH, "请回到保全锁定列表重新选择"),
    en=Words("There is no such hold", _SAME_EN, "Go back to the list of holds and choose again"),
)
HOLD_MOVED: Final = refused(
    "CF-8003",
    409,
    zh=Words("这个保全锁定的状态已经变了", _SAME_ZH, "请先看它现在的状态，再决定"),
    en=Words("This hold is no longer as it was", _SAME_EN, "Look at its state now, then decide"),
)
SECOND_PERSON: Final = refused(
    "CF-8004",
    409,
    zh=Words(
        "解除须由另一位管理员办理", _SAME_ZH, "申请解除的人不能自己解除，请另一位管理员输入自己的后台登录邮箱和密码"
    ),
    en=Words(
        "Another administrator has to lift it",
        _SAME_EN,
        "Whoever asked for it does not lift it; another administrator gives the e-mail address and password of their "
        "own office login",
    ),
)
HOLD_REASON: Final = refused(
    "CF-8005",
    422,
    zh=Words("请选择锁定的原因", _SAME_ZH, "从列出的原因中选一个，再试一次"),
    en=Words("A hold needs a reason", _SAME_EN, "Choose one of the reasons and try again"),
)
RECORD_UNKNOWN: Final = refused(
    "CF-8006",
    404,
    zh=Words("没有这条记录", _SAME_ZH, "请回到交易记录重新选择"),
    en=Words("There is no such record", _SAME_EN, "Go back to the records and choose again"),
)
HOLD_REFERENCE: Final = refused(
    "CF-8007",
    422,
    zh=Words("案号或说明太长，或有打印不出的字符", _SAME_ZH, "请写在 {most} 个字以内，只用普通文字，再试一次"),
    en=Words(
        "The reference is too long or has characters that cannot be printed",
        _SAME_EN,
        "Keep it within {most} characters of plain text and try again",
    ),
)
HOLD_ID_REUSED: Final = refused(
    "CF-8008",
    409,
    zh=Words(
        "这个编号已用过，内容不同（{differs}）",
        f"{_SAME_ZH}，这次没有设置锁定",
        "同一个锁定请原样重发；新的锁定请从记录页面重新设置",
    ),
    en=Words(
        "This id was used before with other content ({differs})",
        f"{_SAME_EN}; no hold was placed this time",
        "Send the same hold again unchanged, or place a new one from the record's page",
    ),
)
HOLD_BUSY: Final = trouble(
    "CF-8009",
    409,
    zh=Words("这条记录正有别人在操作，这一步没有记录", _SAME_ZH, "请等 1 秒再试一次"),
    en=Words(
        "Others are working on this record at the same moment, so this step was not recorded",
        _SAME_EN,
        "Wait a second and try again",
    ),
    retry_after_seconds=1,
)

FAULTS: Final = (
    RECORD_HELD,
    HOLD_UNKNOWN,
    HOLD_MOVED,
    SECOND_PERSON,
    HOLD_REASON,
    RECORD_UNKNOWN,
    HOLD_REFERENCE,
    HOLD_ID_REUSED,
    HOLD_BUSY,
)
