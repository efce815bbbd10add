"""The faults of the rule of operator numbers, CF-2080 to CF-2089."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有任何款项变动；操作员号的规定没有改动"
_NOTHING_EN: Final = "No money has moved; the rule of operator numbers is as it was"

NUMBER_LENGTHS: Final = refused(
    "CF-2080",
    422,
    zh=Words("操作员号的位数不对", _NOTHING_ZH, "请填 1 到 8 的整数，最少位数不能大于最多位数"),
    en=Words(
        "Operator numbers cannot have that many digits",
        _NOTHING_EN,
        "Use whole numbers from 1 to 8, the least not above the most",
    ),
)
SPECIAL_NUMBER: Final = refused(
    "CF-2081",
    422,
    zh=Words(
        "主管的号或终端管理员的号不合规定",
        _NOTHING_ZH,
        "请用 {least} 到 {most} 位数字，两个号不能相同；不需要专门的号就留空",
    ),
    en=Words(
        "The supervisor's or the terminal administrator's number does not fit the rule",
        _NOTHING_EN,
        "Use {least} to {most} digits, and not the same number for both; leave empty what nobody needs",
    ),
)
NUMBER_WORD: Final = refused(
    "CF-2082",
    422,
    zh=Words("操作员号的称呼格式不对", _NOTHING_ZH, "请用最多 {most} 个可显示的字符，不要换行；留空就用系统自带的称呼"),
    en=Words(
        "The name for a kind of operator number is not in the right form",
        _NOTHING_EN,
        "Use up to {most} printable characters on one line; leave empty for the usual word",
    ),
)

NUMBER_FAULTS: Final = (NUMBER_LENGTHS, SPECIAL_NUMBER, NUMBER_WORD)
