"""The faults of this area, CF-2154 to CF-2169."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused, trouble

_NOTHING_ZH: Final = "没有执行；款项没有变化"
_NOTHING_EN: Final = "It was not carried out; no money has moved"

NOBODY_TO_ASK: Final = refused(
    "CF-2154",
    409,
    zh=Words("没有可以批准的人", _NOTHING_ZH, "请管理员在「批准规则」里选一个有人担任的角色"),
    en=Words(
        "There is nobody who could approve it",
        _NOTHING_EN,
        "Have an administrator choose a role under Approval rules that somebody has",
    ),
)
REQUEST_UNKNOWN: Final = refused(
    "CF-2155",
    404,
    zh=Words("没有这份申请", "款项没有变化", "请回到「待批准」列表重新选择"),
    en=Words("There is no such request", "No money has moved", "Go back to the list of requests and choose again"),
)
REQUEST_MOVED: Final = refused(
    "CF-2156",
    409,
    zh=Words("这份申请已经有了结果", "这一步没有执行", "请看这份申请现在的状态；还需要就重新申请"),
    en=Words(
        "This request has been decided already",
        "This step was not carried out",
        "Look at where the request stands now; ask anew if it is still needed",
    ),
)
REQUEST_CHANGED: Final = refused(
    "CF-2157",
    409,
    zh=Words("申请之后情况变了，不能照原样批准", _NOTHING_ZH, "请看页面列出的不同，再请申请人重新申请"),
    en=Words(
        "Something has changed since it was asked for, so it cannot be approved as it stands",
        _NOTHING_EN,
        "Look at the differences on the page, then have it asked for anew",
    ),
)
TOO_EARLY: Final = refused(
    "CF-2158",
    409,
    zh=Words(
        "还在冷静期，{until} 起才能批准",
        _NOTHING_ZH,
        "能批准的人比规则要求的少，就要等 24 小时：只有另一个人时由这个人批准，没有别人时由本人用另一台设备批准；"
        "在这之前可以撤回",
    ),
    en=Words(
        "It is still cooling off, and can be approved from {until}",
        _NOTHING_EN,
        "Where fewer may approve than the rule asks for, it takes 24 hours: then the one other approves, or with "
        "nobody else you yourself with another device; until then it can be withdrawn",
    ),
)
OTHER_DEVICE: Final = refused(
    "CF-2159",
    403,
    zh=Words("批准用的是申请时的同一台设备", _NOTHING_ZH, "请用另一台设备上的通行密钥，或手机上的动态验证码批准"),
    en=Words(
        "It was approved with the device it was asked with",
        _NOTHING_EN,
        "Use a passkey on another device, or the code from a phone",
    ),
)
REQUEST_OVER: Final = refused(
    "CF-2160",
    410,
    zh=Words("这份申请已过期", _NOTHING_ZH, "还需要就请申请人重新申请"),
    en=Words("This request has expired", _NOTHING_EN, "Have it asked for anew if it is still needed"),
)
NOT_WITHDRAWABLE: Final = refused(
    "CF-2161",
    403,
    zh=Words("只有申请人能撤回这份申请", _NOTHING_ZH, "不同意请点「不批准」并写明原因"),
    en=Words(
        "Only whoever asked can withdraw it",
        _NOTHING_EN,
        "If you disagree, decline it and say why",
    ),
)
WHY_NOT: Final = refused(
    "CF-2162",
    422,
    zh=Words("请写明不批准的原因", _NOTHING_ZH, "写 1 到 {most} 个字，申请人会看到"),
    en=Words(
        "Say why it is not approved",
        _NOTHING_EN,
        "1 to {most} characters; whoever asked will see them",
    ),
)
REQUEST_BUSY: Final = trouble(
    "CF-2163",
    409,
    zh=Words("这份申请正有别人在处理，这一步没有记录", "款项没有变化", "请等 1 秒再看"),
    en=Words(
        "Others are deciding this request at the same moment, so this step was not recorded",
        "No money has moved",
        "Wait a second and look again",
    ),
)
NOT_CARRIED_OUT: Final = refused(
    "CF-2164",
    409,
    zh=Words(
        "已批准，但没有办成",
        "款项以交易记录为准",
        "请看这份申请和它涉及的内容现在的状态，再决定要不要重新申请",
    ),
    en=Words(
        "It was approved, but could not be carried out",
        "The records say what the money did",
        "Look at the request and at what it is about, then decide whether to ask anew",
    ),
)
RULE_STRICTER: Final = refused(
    "CF-2165",
    409,
    zh=Words(
        "申请之后批准的要求提高了，这份申请没有经过要等的时间",
        _NOTHING_ZH,
        "请申请人撤回后重新申请；新的申请满 24 小时才能批准",
    ),
    en=Words(
        "Approving takes more by now than when it was asked for, and this request has not waited as it would have to",
        _NOTHING_EN,
        "Have it withdrawn and asked for anew; the new request can be approved after 24 hours",
    ),
)
GONE_LATELY: Final = refused(
    "CF-2166",
    409,
    zh=Words(
        "{who} 在 {since} 失去了批准资格，{until} 之前仍算在内，所以现在没有足够的人可以批准",
        _NOTHING_ZH,
        "请恢复这个人，或给另一个人授予规则里的角色；都办不到，就等 {until} 之后再申请",
    ),
    en=Words(
        "{who} could approve until {since} and counts until {until}, so there are not enough people to approve it",
        _NOTHING_EN,
        "Enable them again, or give another person a role of the rule; if neither can be done, ask after {until}",
    ),
)

FAULTS: Final = (
    NOBODY_TO_ASK,
    REQUEST_UNKNOWN,
    REQUEST_MOVED,
    REQUEST_CHANGED,
    TOO_EARLY,
    OTHER_DEVICE,
    REQUEST_OVER,
    NOT_WITHDRAWABLE,
    WHY_NOT,
    REQUEST_BUSY,
    NOT_CARRIED_OUT,
    RULE_STRICTER,
    GONE_LATELY,
)
