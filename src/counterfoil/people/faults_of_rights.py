"""The faults of logins, roles and the first setup, CF-2030 to CF-2049; the others of this area stand in ``faults``."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有任何款项变动"
_NOTHING_EN: Final = "No money has moved"

OFFICE_WRONG: Final = refused(
    "CF-2032",
    401,
    zh=Words("邮箱或密码不对", _NOTHING_ZH, "请重新输入，还可试 {left} 次；忘记密码请找管理员重设"),
    en=Words(
        "E-mail address or password is wrong",
        _NOTHING_EN,
        "Try again, {left} left. If forgotten, an administrator can begin a reset",
    ),
)
OWN_PASSWORD_WRONG: Final = refused(
    "CF-2046",
    403,
    zh=Words(
        "您自己的密码不对",
        "什么都没有改动；没有任何款项变动",
        "请重新输入自己的密码，还可试 {left} 次；忘记时请找主管或管理员重设",
    ),
    en=Words(
        "Your own password is wrong",
        "Nothing has changed; no money has moved",
        "Type your own password again, {left} left. If forgotten, a supervisor or an administrator can reset it",
    ),
)
PAUSE_OVER: Final = refused(
    "CF-2047",
    409,
    zh=Words("这个登录暂停已经结束，或已由别人解除", "什么都没有改动；没有任何款项变动", "不用再解除，请直接登录"),
    en=Words(
        "This pause is over, or somebody has lifted it",
        "Nothing has changed; no money has moved",
        "Nothing needs lifting; sign in as usual",
    ),
)
ADDRESS_LOCKED: Final = refused(
    "CF-2030",
    423,
    zh=Words(
        "这个网络地址输错太多次，{until} 前不能登录",
        "没有任何款项变动；已登录的收银台照常收款",
        "请到时再登录，或换一个网络地址登录；若不是您试的，请告诉管理员",
    ),
    en=Words(
        "Too many wrong tries came from this network address; nobody signs in from it until {until}",
        "No money has moved; tills that are signed in go on taking payments",
        "Sign in after that, or from another network; if it was not you, tell an administrator",
    ),
)
EMAIL_SHAPE: Final = refused(
    "CF-2031",
    422,
    zh=Words("邮箱格式不对", _NOTHING_ZH, "请检查邮箱，例如 name@example.com"),
    en=Words("This is not an e-mail address", _NOTHING_EN, "Check it; an address looks like name@example.com"),
)
EMAIL_TAKEN: Final = refused(
    "CF-2033",
    409,
    zh=Words("这个邮箱已有人用来登录后台", _NOTHING_ZH, "请换一个邮箱，或到那个人的页面上修改"),
    en=Words(
        "This e-mail address signs somebody in already",
        _NOTHING_EN,
        "Choose another address, or change it on that person's page",
    ),
)
LOGIN_NOT_THERE: Final = refused(
    "CF-2034",
    404,
    zh=Words("这个人没有后台登录", _NOTHING_ZH, "请先为此人设置登录邮箱"),
    en=Words("This person has no office login", _NOTHING_EN, "Give them one first, with their e-mail address"),
)
GRANT_TOO_MUCH: Final = refused(
    "CF-2035",
    403,
    zh=Words("不能授予或收回自己没有的权限", _NOTHING_ZH, "请持有这些权限的人来办"),
    en=Words(
        "Nobody gives or takes rights that they do not hold themselves",
        _NOTHING_EN,
        "Ask somebody who holds them all",
    ),
)
LAST_ADMINISTRATOR: Final = refused(
    "CF-2036",
    409,
    zh=Words("这是最后一位能登录后台的管理员", "没有任何变动", "请先让另一个人成为管理员并有后台登录，再来修改"),
    en=Words(
        "This is the last administrator who can sign in to the office",
        "Nothing has changed",
        "First make somebody else an administrator with an office login, then change this one",
    ),
)
ROLE_UNKNOWN: Final = refused(
    "CF-2037",
    404,
    zh=Words("没有这个角色", _NOTHING_ZH, "角色可能已停用；请重新打开页面再选"),
    en=Words("There is no such role", _NOTHING_EN, "It may have been retired; open the page again and choose"),
)
ROLE_TAKEN: Final = refused(
    "CF-2038",
    409,
    zh=Words("已有同名的角色", _NOTHING_ZH, "请换一个名称"),
    en=Words("There is a role of that name already", _NOTHING_EN, "Choose another name"),
)
ROLE_EMPTY: Final = refused(
    "CF-2039",
    422,
    zh=Words("角色至少要有一项权限", _NOTHING_ZH, "请勾选这个角色可以做的事"),
    en=Words("A role allows at least one thing", _NOTHING_EN, "Tick what the role may do"),
)
NUMBER_RULE: Final = refused(
    "CF-2040",
    422,
    zh=Words("操作员号的位数不符合本商户的规定", _NOTHING_ZH, "请用 {least} 到 {most} 位数字"),
    en=Words(
        "The operator number has not as many digits as this merchant's have",
        _NOTHING_EN,
        "Use {least} to {most} digits",
    ),
)
NO_WAY_IN: Final = refused(
    "CF-2041",
    422,
    zh=Words("这个人还没有任何登录方式", _NOTHING_ZH, "请填操作员号、登录邮箱，或两者都填"),
    en=Words(
        "This person could not sign in anywhere",
        _NOTHING_EN,
        "Give an operator number, an e-mail address, or both",
    ),
)
PASSWORD_WEAK: Final = refused(
    "CF-2042",
    422,
    zh=Words(
        "这个密码太容易被猜到", _NOTHING_ZH, "它在泄露密码清单里，或只是重复、连续的字符；请用一句只有自己知道的话"
    ),
    en=Words(
        "This password is too easy to guess",
        _NOTHING_EN,
        "It is on the list of leaked passwords, or only repeats or counts up; use a sentence of your own",
    ),
)
RESET_WRONG: Final = refused(
    "CF-2043",
    401,
    zh=Words("重设码无效", _NOTHING_ZH, "它可能已用过或已过期（一小时）；请管理员重新发起重设"),
    en=Words(
        "The reset code is not valid",
        _NOTHING_EN,
        "It may have been used, or have expired (after an hour); ask an administrator to begin again",
    ),
)
SETUP_WRONG: Final = refused(
    "CF-2044",
    401,
    zh=Words("设置码不对", _NOTHING_ZH, "请输入服务器启动时显示的设置码；看不到时请重新启动服务器"),
    en=Words(
        "The setup code is wrong",
        _NOTHING_EN,
        "Type the code that the server showed when it started; start it again to see it",
    ),
)
SETUP_CLOSED: Final = refused(
    "CF-2045",
    409,
    zh=Words("初始设置已经完成", _NOTHING_ZH, "请用管理员的邮箱和密码登录后台"),
    en=Words(
        "The first setup is done",
        _NOTHING_EN,
        "Sign in to the office with an administrator's e-mail address and password",
    ),
)
NUMBER_KEPT: Final = refused(
    "CF-2048",
    409,
    zh=Words("此人已有操作员号 {number}，操作员号不能更改", _NOTHING_ZH, "请用现有的操作员号；忘了密码可以重设"),
    en=Words(
        "They have the operator number {number} already, and a number is never changed",
        _NOTHING_EN,
        "Use the number they have; a forgotten password can be reset",
    ),
)

OF_RIGHTS: Final = (
    OFFICE_WRONG,
    OWN_PASSWORD_WRONG,
    PAUSE_OVER,
    ADDRESS_LOCKED,
    EMAIL_SHAPE,
    EMAIL_TAKEN,
    LOGIN_NOT_THERE,
    GRANT_TOO_MUCH,
    LAST_ADMINISTRATOR,
    ROLE_UNKNOWN,
    ROLE_TAKEN,
    ROLE_EMPTY,
    NUMBER_RULE,
    NO_WAY_IN,
    PASSWORD_WEAK,
    RESET_WRONG,
    SETUP_WRONG,
    SETUP_CLOSED,
    NUMBER_KEPT,
)
