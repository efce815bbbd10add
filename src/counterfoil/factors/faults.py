"""The faults of second factors and of confirming: CF-2050 to CF-2079."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有任何款项变动"
_NOTHING_EN: Final = "No money has moved"
_NOT_DONE_ZH: Final = "这件事没有办，没有任何款项变动"
_NOT_DONE_EN: Final = "It was not done, and no money has moved"

SECOND_FACTOR_NEEDED: Final = refused(
    "CF-2050",
    403,
    zh=Words("还要完成第二重验证", _NOTHING_ZH, "请用通行密钥或验证码完成登录，再继续"),
    en=Words(
        "The second factor is still to be shown",
        _NOTHING_EN,
        "Finish signing in with a passkey or a code, then go on",
    ),
)
SECOND_FACTOR_TO_SET_UP: Final = refused(
    "CF-2051",
    403,
    zh=Words("您的角色能办重要的事，要先设置第二重验证", _NOTHING_ZH, "请先设置通行密钥或验证码，其他页面随后可用"),
    en=Words(
        "Your role can do what matters most, so a second factor comes first",
        _NOTHING_EN,
        "Set up a passkey or a code app; the other pages open after that",
    ),
)
CONFIRMATION_OVER: Final = refused(
    "CF-2052",
    409,
    zh=Words("这次确认已过期或已经用过", _NOT_DONE_ZH, "每次确认 2 分钟内有效，只能用一次；请再看一遍内容，重新确认"),
    en=Words(
        "This confirmation is over or was used before",
        _NOT_DONE_EN,
        "Each counts for two minutes and once; read again what will happen and confirm it anew",
    ),
)
ANSWER_OF_ANOTHER: Final = refused(
    "CF-2053",
    403,
    zh=Words("通行密钥确认的不是这一件事", _NOT_DONE_ZH, "请在这一页上重新确认；反复出现请告诉管理员"),
    en=Words(
        "The passkey confirmed something else",
        _NOT_DONE_EN,
        "Confirm it anew on this page; if this comes back, tell an administrator",
    ),
)
ANSWER_FROM_ELSEWHERE: Final = refused(
    "CF-2054",
    403,
    zh=Words("通行密钥的回答来自别的网站", _NOT_DONE_ZH, "请从自己保存的网址打开后台再试；可能有人仿冒，请告诉管理员"),
    en=Words(
        "The passkey answered for another site",
        _NOT_DONE_EN,
        "Open the office from your own bookmark and try again; it may be a forgery, so tell an administrator",
    ),
)
ANSWER_WRONG: Final = refused(
    "CF-2055",
    403,
    zh=Words("通行密钥的回答核验不通过", _NOT_DONE_ZH, "请再试一次，并在设备上用指纹、人脸或解锁码确认；或改用验证码"),
    en=Words(
        "The passkey's answer does not hold",
        _NOT_DONE_EN,
        "Try once more and confirm with finger, face or the device's code; or use a code app",
    ),
)
PASSKEY_LOCKED: Final = refused(
    "CF-2056",
    403,
    zh=Words(
        "这把通行密钥的使用次数倒退了，可能有人复制了它，已锁住",
        _NOT_DONE_ZH,
        "请改用另一把或验证码登录，在「我的登录」里删掉它，并告诉管理员",
    ),
    en=Words(
        "The count of this passkey went back, so there may be a copy of it; it is locked",
        _NOT_DONE_EN,
        "Sign in with another passkey or a code, remove this one under My sign-in, and tell an administrator",
    ),
)
CODE_WRONG: Final = refused(
    "CF-2057",
    401,
    zh=Words("密码或验证码不对", _NOT_DONE_ZH, "请核对后再输，还可试 {left} 次；验证码每 30 秒换一次"),
    en=Words(
        "The password or the code is wrong",
        _NOT_DONE_EN,
        "Check and enter it again, {left} left; the code changes every 30 seconds",
    ),
)
CODE_USED: Final = refused(
    "CF-2058",
    409,
    zh=Words("这个验证码已经用过", _NOT_DONE_ZH, "每个验证码只能用一次，请等下一个（最多 30 秒）"),
    en=Words("This code was used before", _NOT_DONE_EN, "Each code counts once; wait for the next, at most 30 seconds"),
)
FACTOR_PAUSED: Final = refused(
    "CF-2059",
    423,
    zh=Words("试错太多次，第二重验证暂停到 {until}", "没有任何款项变动；收银台照常收款", "请到时再试，或用通行密钥"),
    en=Words(
        "Too many wrong tries; codes are paused until {until}",
        "No money has moved; the tills go on taking payments",
        "Try again after that, or use a passkey",
    ),
)
LAST_FACTOR: Final = refused(
    "CF-2060",
    409,
    zh=Words("这是您最后一种第二重验证，不能删", _NOTHING_ZH, "请先添加另一种，再删这一种"),
    en=Words("This is your last second factor and stays", _NOTHING_EN, "Add another one first, then remove this one"),
)
PASSKEY_KNOWN: Final = refused(
    "CF-2061",
    409,
    zh=Words("这把通行密钥已经登记过", _NOTHING_ZH, "不用再添加；要登记另一台设备，请在那台设备上操作"),
    en=Words(
        "This passkey is registered already",
        _NOTHING_EN,
        "Nothing needs adding; for another device, do it on that device",
    ),
)
FACTORS_MOST: Final = refused(
    "CF-2062",
    409,
    zh=Words("通行密钥已有 {most} 把，不能再加", _NOTHING_ZH, "请先删掉不用的"),
    en=Words("There are {most} passkeys already", _NOTHING_EN, "Remove one that is no longer used first"),
)
PASSKEYS_NOT_HERE: Final = refused(
    "CF-2063",
    409,
    zh=Words("这个网址用不了通行密钥", _NOTHING_ZH, "通行密钥要用加密（https）的域名打开；现在请用验证码"),
    en=Words(
        "Passkeys do not work at this address",
        _NOTHING_EN,
        "They need a name over https; use a code app meanwhile",
    ),
)
DEED_CHANGED: Final = refused(
    "CF-2064",
    409,
    zh=Words("内容在您确认之前变了", _NOT_DONE_ZH, "请看清现在的内容，再确认一次"),
    en=Words("It changed before you confirmed it", _NOT_DONE_EN, "Read what it is now and confirm it once more"),
)
FACTOR_UNKNOWN: Final = refused(
    "CF-2065",
    404,
    zh=Words("没有这一项第二重验证", _NOTHING_ZH, "它可能刚被删掉；请刷新「我的登录」"),
    en=Words("There is no such second factor", _NOTHING_EN, "It may just have been removed; reload My sign-in"),
)
RESET_WRONG: Final = refused(
    "CF-2066",
    401,
    zh=Words("重设码不对或已过期", _NOTHING_ZH, "重设码 24 小时有效，只能用一次；还可试 {left} 次，或请管理员再发一个"),
    en=Words(
        "The reset code is wrong or over",
        _NOTHING_EN,
        "It counts for 24 hours and once; {left} tries left, or ask an administrator for another",
    ),
)
NOT_YOUR_OWN_RESET: Final = refused(
    "CF-2067",
    409,
    zh=Words("不能给自己重设第二重验证", _NOTHING_ZH, "请另一位管理员来办"),
    en=Words("Nobody begins a reset of their own second factors", _NOTHING_EN, "Ask another administrator to do it"),
)
CLOCK_BACK: Final = refused(
    "CF-2068",
    409,
    zh=Words(
        "服务器的时间比上次验证时还早，验证码暂时不能用",
        _NOT_DONE_ZH,
        "请管理员检查服务器的自动对时；其间可用通行密钥或恢复码",
    ),
    en=Words(
        "The server's clock stands before the last code that was taken, so codes cannot be checked",
        _NOT_DONE_EN,
        "Have the server's automatic time checked; a passkey or a recovery code works meanwhile",
    ),
)
SECRET_LOST: Final = refused(
    "CF-2069",
    503,
    zh=Words(
        "验证码的密钥解不开：密钥文件里没有当时封存它的密钥",
        _NOT_DONE_ZH,
        "请管理员从密钥备份恢复 seal.keys；其间可用通行密钥或恢复码",
    ),
    en=Words(
        "The code app's secret cannot be opened: the key it was sealed with is not in the key file",
        _NOT_DONE_EN,
        "Restore seal.keys from the backup of the keys; a passkey or a recovery code works meanwhile",
    ),
)
APPROVAL_UNKNOWN: Final = refused(
    "CF-2070",
    404,
    zh=Words("没有这条确认记录", _NOTHING_ZH, "请从「确认记录」列表里选一条"),
    en=Words("There is no such confirmation", _NOTHING_EN, "Choose one from the list of confirmations"),
)
RECOVERY_WRONG: Final = refused(
    "CF-2071",
    401,
    zh=Words("恢复码不对或已经用过", _NOTHING_ZH, "每个恢复码只能用一次；还可试 {left} 次，全部丢失请找管理员重设"),
    en=Words(
        "The recovery code is wrong or was used",
        _NOTHING_EN,
        "Each counts once; {left} tries left. If all are lost, an administrator can begin a reset",
    ),
)
NOTHING_TO_RESET: Final = refused(
    "CF-2073",
    404,
    zh=Words(
        "没有人用这个邮箱登录后台，或此人没有第二重验证",
        "什么都没有改动；没有任何款项变动",
        "请核对邮箱和商户号；没有第二重验证的人，下次登录时自己设置",
    ),
    en=Words(
        "Nobody signs in to the office with this e-mail address, or they have no second factor",
        "Nothing has changed; no money has moved",
        "Check the address and the merchant's number; whoever has no second factor sets one up at the next sign-in",
    ),
)

FAULTS: Final = (
    SECOND_FACTOR_NEEDED,
    SECOND_FACTOR_TO_SET_UP,
    CONFIRMATION_OVER,
    ANSWER_OF_ANOTHER,
    ANSWER_FROM_ELSEWHERE,
    ANSWER_WRONG,
    PASSKEY_LOCKED,
    CODE_WRONG,
    CODE_USED,
    FACTOR_PAUSED,
    LAST_FACTOR,
    PASSKEY_KNOWN,
    FACTORS_MOST,
    PASSKEYS_NOT_HERE,
    DEED_CHANGED,
    FACTOR_UNKNOWN,
    RESET_WRONG,
    NOT_YOUR_OWN_RESET,
    CLOCK_BACK,
    SECRET_LOST,
    APPROVAL_UNKNOWN,
    RECOVERY_WRONG,
    NOTHING_TO_RESET,
)
