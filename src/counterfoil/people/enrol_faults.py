"""What is refused of enrolling a terminal and of forms it signs or should have signed: CF-2127 to CF-2149."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有任何款项变动"
_NOTHING_EN: Final = "No money has moved"
_NOT_DONE_ZH: Final = "这一步没有执行，没有任何款项变动"
_NOT_DONE_EN: Final = "This step was not carried out; no money has moved"

CODE_WRONG: Final = refused(
    "CF-2127",
    401,
    zh=Words("登记码不对，还可以试 {left} 次", _NOTHING_ZH, "请对照后台显示的 8 位数字，并确认选的是同一台终端"),
    en=Words(
        "The code is wrong; tries left: {left}",
        _NOTHING_EN,
        "Compare it with the 8 digits shown in the office, and check that the same terminal is chosen",
    ),
)
NO_WINDOW: Final = refused(
    "CF-2128",
    409,
    zh=Words(
        "这台终端现在没有可用的登记码",
        _NOTHING_ZH,
        "登记码 10 分钟有效、只能用一次，输错 5 次作废。请管理员在后台为这台终端重新生成",
    ),
    en=Words(
        "There is no code for this terminal at the moment",
        _NOTHING_EN,
        "A code lasts 10 minutes, counts once, and ends after 5 wrong tries. Ask an administrator for a new one in "
        "the office",
    ),
)
KEY_UNREADABLE: Final = refused(
    "CF-2129",
    422,
    zh=Words("这台设备没有生成可用的密钥", _NOTHING_ZH, "请更新浏览器后重试；页面必须允许脚本，网址必须是 https"),
    en=Words(
        "This device made no key that can be used",
        _NOTHING_EN,
        "Update the browser and try again; the page needs its script, and an address with https",
    ),
)
NOTHING_TO_CONFIRM: Final = refused(
    "CF-2130",
    409,
    zh=Words("要确认的密钥已经不在等待了", _NOTHING_ZH, "可能已经超过 10 分钟，或换了一把密钥。请重新生成登记码"),
    en=Words(
        "The key to be confirmed is not waiting any more",
        _NOTHING_EN,
        "The 10 minutes may be over, or another key has come. Make a new code",
    ),
)
NOT_SIGNED: Final = refused(
    "CF-2131",
    403,
    zh=Words(
        "这台终端已经登记，只接受它自己签名的操作，这一次没有签名",
        _NOT_DONE_ZH,
        "请在登记过的那台设备、那个浏览器上操作，并允许页面脚本（没有脚本就不能签名）；"
        "如果清除过浏览器数据，请管理员重新登记",
    ),
    en=Words(
        "This terminal is enrolled and takes only what it has signed itself; this was not signed",
        _NOT_DONE_EN,
        "Use the device and the browser that were enrolled, with scripts allowed (without them nothing can be signed). "
        "If the browser's data was cleared, ask an administrator to enrol it anew",
    ),
)
SIGNATURE_WRONG: Final = refused(
    "CF-2132",
    403,
    zh=Words(
        "签名和内容对不上",
        _NOT_DONE_ZH,
        "请回到上一页重做一次；反复出现时，请管理员检查网络上有没有改动内容的设备，并重新登记这台终端",
    ),
    en=Words(
        "The signature does not fit what was sent",
        _NOT_DONE_EN,
        "Go back and do it once more. If it comes again, have the administrator look for something on the network that "
        "alters what is sent, and enrol this terminal anew",
    ),
)
COUNTER_USED: Final = refused(
    "CF-2133",
    409,
    zh=Words(
        "这次提交已经用过，不会再执行第二遍",
        "这一次没有再动任何款项；第一次提交的结果以记录为准",
        "请先在记录里看结果；需要再做一次时从菜单重新开始",
    ),
    en=Words(
        "This was sent before and is not carried out a second time",
        "Nothing has moved again; what the first one did stands in the records",
        "Look at the records first; to do it once more begin from the menu",
    ),
)
TERMINAL_FORKED: Final = refused(
    "CF-2134",
    403,
    zh=Words(
        "有两台设备在用同一把密钥，这台终端已锁定",
        "锁定之后没有任何款项变动；之前的收款以记录为准",
        "请立即通知管理员：核对这台终端最近的记录，再在后台重新登记",
    ),
    en=Words(
        "Two devices use the same key; this terminal is locked",
        "No money has moved since it was locked; what was taken before stands in the records",
        "Tell an administrator now: go through this terminal's recent records, then enrol it anew in the office",
    ),
)
TERMINAL_REVOKED: Final = refused(
    "CF-2135",
    403,
    zh=Words("这台终端的登记已撤销", _NOTHING_ZH, "要继续使用，请管理员在后台为它重新登记"),
    en=Words(
        "This terminal's enrolment was revoked",
        _NOTHING_EN,
        "To use it again, ask an administrator to enrol it anew in the office",
    ),
)
ONLY_ENROLLED: Final = refused(
    "CF-2136",
    403,
    zh=Words(
        "本商户只允许在登记过的终端收款，这台还没有登记",
        _NOTHING_ZH,
        "请管理员在后台的「终端」里为它生成登记码，再在这台设备上登记",
    ),
    en=Words(
        "This merchant works at enrolled terminals only, and this one is not enrolled",
        _NOTHING_EN,
        "Ask an administrator for a code under Terminals in the office, and enrol this device with it",
    ),
)
PIN_EASY: Final = refused(
    "CF-2137",
    422,
    zh=Words(
        "这串数字太好猜",
        "密码没有改动；款项没有变化",
        "别用同一个数字、连号、重复、年份、常用的吉利数，也别用操作员号和终端号，例如 8888、1234、1212、1990",
    ),
    en=Words(
        "These digits are too easy to guess",
        "The password is unchanged; no money has moved",
        "Use no repetition, run, year or well-known number, such as 8888, 1212 or 1990, nor your own or the till's",
    ),
)
PIN_TOO_SHORT: Final = refused(
    "CF-2138",
    403,
    zh=Words(
        "能审批、退款或管理的人不能用短密码",
        "没有登录，也没有设置密码；款项没有变化",
        "请设置 12 位以上的密码；4 至 8 位数字只供收银员在登记过的终端使用",
    ),
    en=Words(
        "Whoever may approve, refund or manage needs a longer password",
        "Nobody was signed in and no password was set; no money has moved",
        "Set one of at least 12 characters. 4 to 8 digits are for cashiers at enrolled terminals only",
    ),
)
NOT_ENROLLED: Final = refused(
    "CF-2139",
    409,
    zh=Words("这台终端没有登记，没有可以撤销的", _NOTHING_ZH, "请刷新页面看它现在的状态"),
    en=Words(
        "This terminal is not enrolled, so there is nothing to revoke",
        _NOTHING_EN,
        "Load the page again to see its state",
    ),
)

ENROL_FAULTS: Final = (
    CODE_WRONG,
    NO_WINDOW,
    KEY_UNREADABLE,
    NOTHING_TO_CONFIRM,
    NOT_SIGNED,
    SIGNATURE_WRONG,
    COUNTER_USED,
    TERMINAL_FORKED,
    TERMINAL_REVOKED,
    ONLY_ENROLLED,
    PIN_EASY,
    PIN_TOO_SHORT,
    NOT_ENROLLED,
)
