"""The faults of API keys, CF-2170 to CF-2179."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有任何款项变动"
_NOTHING_EN: Final = "No money has moved"

KEY_EXPIRED: Final = refused(
    "CF-2170",
    401,
    zh=Words("接口密钥已过有效期", _NOTHING_ZH, "请管理员在后台「接口密钥」里新建一个，换到调用方"),
    en=Words(
        "The API key has expired",
        _NOTHING_EN,
        "Ask an administrator to make a new one under API keys, and give it to the program",
    ),
)
KEY_ELSEWHERE: Final = refused(
    "CF-2171",
    403,
    zh=Words(
        "这个接口密钥不能从这个网络使用（来源地址 {address}）",
        _NOTHING_ZH,
        "请从密钥允许的网络调用；要换网络，请管理员新建一个密钥",
    ),
    en=Words(
        "This API key cannot be used from this network (address: {address})",
        _NOTHING_EN,
        "Call from a network the key allows; for another one, ask an administrator to make a new key",
    ),
)
KEY_UNKNOWN: Final = refused(
    "CF-2172",
    404,
    zh=Words("没有这个接口密钥", _NOTHING_ZH, "请回到「接口密钥」的列表里找"),
    en=Words("There is no such API key", _NOTHING_EN, "Go back to the list of API keys and look there"),
)
KEY_UNTIL: Final = refused(
    "CF-2173",
    422,
    zh=Words("有效期已经过去，或不是日期", "密钥没有新建；款项没有变化", "请选一个今天或以后的日子，或留空"),
    en=Words(
        "The expiry date is over, or is no date",
        "No key was made; no money has moved",
        "Choose today or a later day, or leave it empty",
    ),
)

KEY_FAULTS: Final = (KEY_EXPIRED, KEY_ELSEWHERE, KEY_UNKNOWN, KEY_UNTIL)
