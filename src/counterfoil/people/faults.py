"""The faults of this area, CF-2001 to CF-2099."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Fault, Words, refused, trouble
from counterfoil.people.card_numbers import CARD_NUMBER
from counterfoil.people.enrol_faults import ENROL_FAULTS
from counterfoil.people.faults_of_rights import OF_RIGHTS
from counterfoil.people.key_faults import KEY_FAULTS
from counterfoil.people.network_faults import NETWORK_FAULTS
from counterfoil.people.number_faults import NUMBER_FAULTS
from counterfoil.people.permission import Permission
from counterfoil.people.permission_words import CALLED, who_may
from counterfoil.people.policy_faults import POLICY_FAULTS

_NOTHING_ZH: Final = "没有任何款项变动"
_NOTHING_EN: Final = "No money has moved"

SIGN_IN_WRONG: Final = refused(
    "CF-2001",
    401,
    zh=Words("操作员号或密码不对", _NOTHING_ZH, "请重新输入，还可试 {left} 次；忘记密码请找主管重设"),
    en=Words(
        "Operator number or password is wrong",
        _NOTHING_EN,
        "Try again, {left} left. If forgotten, your supervisor can reset it",
    ),
)
SIGN_IN_LOCKED: Final = refused(
    "CF-2002",
    423,
    zh=Words(
        "这个操作员号暂停登录到 {until}",
        "没有任何款项变动；待确认的收款仍在查询",
        "请主管在本机输入自己的号和密码解除，或由另一位操作员登录",
    ),
    en=Words(
        "This operator number is paused until {until}",
        "No money has moved; payments being checked go on",
        "A supervisor can lift it at this terminal, or another operator can sign in",
    ),
)
SESSION_ENDED: Final = refused(
    "CF-2003",
    401,
    zh=Words("登录已结束", "没有任何款项变动；已提交的收款照常进行", "请重新登录，再到「交易记录」看上一笔的结果"),
    en=Words(
        "The sign-in has ended",
        "No money has moved; payments already submitted go on",
        "Sign in again, then look under Records for the last payment",
    ),
)
KEY_WRONG: Final = refused(
    "CF-2004",
    401,
    zh=Words("接口密钥无效", _NOTHING_ZH, "请核对请求头 Authorization 里的密钥；若已停用，请管理员新建一个"),
    en=Words(
        "The API key is not valid",
        _NOTHING_EN,
        "Check the key in the Authorization header; if it was switched off, ask an administrator for a new one",
    ),
)
PASSWORD_LENGTH: Final = refused(
    "CF-2005",
    422,
    zh=Words("密码长度不符合要求", _NOTHING_ZH, "请设 12 到 128 个字符的密码；可以用一句好记的话"),
    en=Words(
        "The password has the wrong length",
        _NOTHING_EN,
        "Choose 12 to 128 characters; a sentence that is easy to remember will do",
    ),
)
NUMBER_TAKEN: Final = refused(
    "CF-2006",
    409,
    zh=Words("操作员号 {number} 已有人使用", _NOTHING_ZH, "请换一个操作员号"),
    en=Words("Operator number {number} is taken", _NOTHING_EN, "Choose another number"),
)
NUMBER_SHAPE: Final = refused(
    "CF-2007",
    422,
    zh=Words("号码格式不对", _NOTHING_ZH, "操作员号是 1 到 8 位数字；终端号是 1 到 12 位字母、数字或短横线"),
    en=Words(
        "The number is not in the right form",
        _NOTHING_EN,
        "An operator number has 1 to 8 digits; a terminal number 1 to 12 letters, digits or hyphens",
    ),
)
TERMINAL_UNKNOWN: Final = refused(
    "CF-2008",
    404,
    zh=Words("没有这台终端", _NOTHING_ZH, "请核对终端号，或从终端列表里选一台"),
    en=Words("There is no such terminal", _NOTHING_EN, "Check the terminal number, or choose one from the list"),
)
SHOP_UNKNOWN: Final = refused(
    "CF-2009",
    404,
    zh=Words("没有这家门店", _NOTHING_ZH, "请核对门店编号"),
    en=Words("There is no such shop", _NOTHING_EN, "Check the shop's id"),
)
SIGN_IN_BUSY: Final = trouble(
    "CF-2010",
    503,
    zh=Words("登录的人太多，请稍候", "没有任何款项变动；收款不受影响", "请过几秒再登录一次"),
    en=Words(
        "Too many people are signing in at once",
        "No money has moved; payments go on as usual",
        "Try to sign in again in a few seconds",
    ),
    retry_after_seconds=5,
)
LOCK_NOT_THERE: Final = refused(
    "CF-2011",
    409,
    zh=Words("操作员号 {number} 在本机没有暂停", _NOTHING_ZH, "不用解除，可以直接登录"),
    en=Words(
        "Operator number {number} is not paused at this terminal",
        _NOTHING_EN,
        "Nothing needs lifting; sign in as usual",
    ),
)
SHOP_NOT_ALLOWED: Final = refused(
    "CF-2012",
    403,
    zh=Words(
        "这次登录或这个接口密钥的权限不包括该门店", _NOTHING_ZH, "请让在该门店有权限的人办理；程序请改用该门店的密钥"
    ),
    en=Words(
        "What this person or API key may do does not count in that shop",
        _NOTHING_EN,
        "Ask somebody who may do it there; a program uses that shop's key",
    ),
)
SCOPE_UNKNOWN: Final = refused(
    "CF-2013",
    422,
    zh=Words("接口密钥的权限范围不对", _NOTHING_ZH, "请从 pay、read、refund、void 里至少选一个"),
    en=Words(
        "The scopes of the API key are not right",
        _NOTHING_EN,
        "Choose at least one of pay, read, refund, void",
    ),
)
TEXT_SHAPE: Final = refused(
    "CF-2014",
    422,
    zh=Words("名称格式不对", _NOTHING_ZH, "请输入 1 到 64 个可显示的字符，不要换行"),
    en=Words("The name is not in the right form", _NOTHING_EN, "Enter 1 to 64 printable characters on one line"),
)
OWNER_UNKNOWN: Final = refused(
    "CF-2015",
    404,
    zh=Words("没有这位在职操作员", _NOTHING_ZH, "请核对操作员，再指定一位密钥负责人"),
    en=Words("There is no such active person", _NOTHING_EN, "Check who it should be and name an owner for the key"),
)
MERCHANT_UNKNOWN: Final = refused(
    "CF-2016",
    404,
    zh=Words("没有这个商户", _NOTHING_ZH, "请核对网址里的商户编号"),
    en=Words("There is no such merchant", _NOTHING_EN, "Check the merchant number in the address"),
)
SETTING_WRONG: Final = refused(
    "CF-2017",
    422,
    zh=Words("时区、币种或日切时间不对", _NOTHING_ZH, "时区如 Asia/Shanghai，币种如 CNY，日切在零点前后 12 小时内"),
    en=Words(
        "The time zone, currency or end of day is not right",
        _NOTHING_EN,
        "Use a zone like Asia/Shanghai, a currency like CNY, and an end of day within 12 hours of midnight",
    ),
)
PERSON_UNKNOWN: Final = refused(
    "CF-2018",
    404,
    zh=Words("没有在职的操作员 {number}", _NOTHING_ZH, "请核对操作员号；新同事请管理员先设号"),
    en=Words(
        "There is no active operator {number}",
        _NOTHING_EN,
        "Check the number; somebody new is added by an administrator",
    ),
)

OFFICE_CLOSED: Final = refused(
    "CF-2019",
    403,
    zh=Words("收银员不能进入后台", _NOTHING_ZH, "收款请到收银台登录；要看后台请找主管或管理员"),
    en=Words(
        "The office is not open to cashiers",
        _NOTHING_EN,
        "Sign in at the till to take payments; for the office ask a supervisor or an administrator",
    ),
)
OFFICE_LOCKED: Final = refused(
    "CF-2020",
    423,
    zh=Words(
        "这个操作员号暂停登录后台到 {until}",
        "没有任何款项变动；收银台照常收款",
        "请到时再登录，或由另一位主管登录；若不是您试的，请告诉管理员",
    ),
    en=Words(
        "This operator number is paused in the office until {until}",
        "No money has moved; the tills go on taking payments",
        "Sign in after that, or let another supervisor sign in; if it was not you, tell an administrator",
    ),
)
NOT_YOURSELF: Final = refused(
    "CF-2022",
    409,
    zh=Words("不能停用自己", _NOTHING_ZH, "请另一位管理员来停用"),
    en=Words("Nobody can disable themselves", _NOTHING_EN, "Ask another administrator to do it"),
)
SHOP_TAKEN: Final = refused(
    "CF-2023",
    409,
    zh=Words("已有同名的门店", _NOTHING_ZH, "请换一个名称"),
    en=Words("There is a shop of that name already", _NOTHING_EN, "Choose another name"),
)
TERMINAL_TAKEN: Final = refused(
    "CF-2024",
    409,
    zh=Words("终端号 {number} 已在使用", _NOTHING_ZH, "请换一个终端号"),
    en=Words("Terminal number {number} is taken", _NOTHING_EN, "Choose another number"),
)
NO_PERMISSION: Final = refused(
    "CF-2021",
    403,
    zh=Words("没有「{permission}」的权限", _NOTHING_ZH, "请{who}来办，或请{who}输入自己的号和密码同意这一次"),
    en=Words(
        "No permission to {permission}",
        _NOTHING_EN,
        "Ask {who} to do it, or to allow it this once with their number and password",
    ),
)


APPROVED_FOR_ANOTHER: Final = refused(
    "CF-2072",
    403,
    zh=Words("主管同意的不是这一件事", "这件事没有办，没有任何款项变动", "请在这一页上重新请主管输入号和密码"),
    en=Words(
        "The supervisor allowed something else",
        "It was not done, and no money has moved",
        "Ask the supervisor for number and password anew on this page",
    ),
)

PASSWORD_NOT_OWN: Final = refused(
    "CF-2025",
    403,
    zh=Words(
        "这个密码是别人设的，还没有换成自己的",
        "没有执行；款项没有变化",
        "请本人用这个密码在收银台登录一次，当场设自己的密码，再办这件事",
    ),
    en=Words(
        "Somebody else set this password, and it has not been replaced by one's own yet",
        "It was not carried out; no money has moved",
        "Have its owner sign in at a till with it once and set their own there, then do this again",
    ),
)
PASSWORD_SPENT: Final = refused(
    "CF-2026",
    403,
    zh=Words(
        "别人设的密码只能登录一次，已经用过了",
        "没有登录；款项没有变化",
        "请主管或管理员再重设一次，登录后当场设自己的密码；如果用过它的不是本人，请告诉管理员",
    ),
    en=Words(
        "A password that somebody else set signs in once, and has done so",
        "You are not signed in; no money has moved",
        "Have a supervisor or an administrator reset it again and set your own at that sign-in; tell an administrator "
        "if it was not you who used it",
    ),
)
PASSWORD_SAME: Final = refused(
    "CF-2027",
    422,
    zh=Words("新密码和别人设的一样", "密码没有改动；款项没有变化", "请设一个只有自己知道的密码"),
    en=Words(
        "The new password is the one that somebody else set",
        "The password is unchanged; no money has moved",
        "Choose one that only you know",
    ),
)


def no_permission(permission: Permission) -> Fault:
    """CF-2021 with the permission's name and who can help, in both languages."""
    return NO_PERMISSION(permission=CALLED[permission], who=who_may(permission))


FAULTS: Final = (
    *NETWORK_FAULTS,
    *NUMBER_FAULTS,
    *POLICY_FAULTS,
    CARD_NUMBER,
    *KEY_FAULTS,
    *ENROL_FAULTS,
    *OF_RIGHTS,
    SIGN_IN_WRONG,
    SIGN_IN_LOCKED,
    SESSION_ENDED,
    KEY_WRONG,
    PASSWORD_LENGTH,
    NUMBER_TAKEN,
    NUMBER_SHAPE,
    TERMINAL_UNKNOWN,
    SHOP_UNKNOWN,
    SIGN_IN_BUSY,
    LOCK_NOT_THERE,
    SHOP_NOT_ALLOWED,
    SCOPE_UNKNOWN,
    TEXT_SHAPE,
    OWNER_UNKNOWN,
    MERCHANT_UNKNOWN,
    SETTING_WRONG,
    PERSON_UNKNOWN,
    OFFICE_CLOSED,
    OFFICE_LOCKED,
    NOT_YOURSELF,
    SHOP_TAKEN,
    TERMINAL_TAKEN,
    NO_PERMISSION,
    APPROVED_FOR_ANOTHER,
    PASSWORD_NOT_OWN,
    PASSWORD_SPENT,
    PASSWORD_SAME,
)
