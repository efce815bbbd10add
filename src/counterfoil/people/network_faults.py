"""What is refused because of the network it comes from, and of lists of networks: CF-2120 to CF-2126."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有任何款项变动"
_NOTHING_EN: Final = "No money has moved"

OFFICE_ELSEWHERE: Final = refused(
    "CF-2120",
    403,
    zh=Words(
        "后台不能在这个网络使用（来源地址 {address}）",
        _NOTHING_ZH,
        "请换到门店或公司的网络再试；地址显示为 ? 是经过了本系统不认识的代理，请联系运维人员",
    ),
    en=Words(
        "The office cannot be used from this network (your address: {address})",
        _NOTHING_EN,
        "Try from the shop's or company's network. An address of ? means a proxy this server was not told of: "
        "ask whoever runs it",
    ),
)
API_ELSEWHERE: Final = refused(
    "CF-2121",
    403,
    zh=Words(
        "接口不能从这个网络调用（来源地址 {address}）", _NOTHING_ZH, "请从允许的网络调用，或请管理员把这个网络加入名单"
    ),
    en=Words(
        "The API cannot be called from this network (address: {address})",
        _NOTHING_EN,
        "Call it from an allowed network, or ask an administrator to add this one",
    ),
)
DANGER_ELSEWHERE: Final = refused(
    "CF-2122",
    403,
    zh=Words(
        "这项操作只能在可信网络里做（来源地址 {address}）",
        _NOTHING_ZH,
        "请连到门店或公司的网络再做一次；可信网络由管理员在「设置」的「可信网络」里维护",
    ),
    en=Words(
        "This can be done from a trusted network only (your address: {address})",
        _NOTHING_EN,
        "Connect to the shop's or company's network and do it there; administrators name the trusted networks "
        "under Settings",
    ),
)
NETWORK_WRONG: Final = refused(
    "CF-2123",
    422,
    zh=Words(
        "“{text}”不是网络地址",
        "名单没有改动；款项没有变化",
        "请写成 192.168.1.0/24 或 2001:db8::/32 的样子，单个地址直接写；前缀之后的位必须是 0",
    ),
    en=Words(
        "“{text}” is not a network",
        "The list is unchanged; no money has moved",
        "Write it like 192.168.1.0/24 or 2001:db8::/32, or a single address; no bits may be set behind the prefix",
    ),
)
YOU_ARE_ELSEWHERE: Final = refused(
    "CF-2124",
    422,
    zh=Words(
        "名单里没有你现在的地址 {address}，这样会把你自己挡在外面",
        "名单没有改动；款项没有变化",
        "请加上你现在的网络，或换到名单里的网络再设置",
    ),
    en=Words(
        "Your own address {address} is not in the list, so it would lock you out",
        "The list is unchanged; no money has moved",
        "Add your network, or set the list from a network that is in it",
    ),
)
TRIAL_OVER: Final = refused(
    "CF-2125",
    409,
    zh=Words("试用已经结束，名单恢复为原来的", _NOTHING_ZH, "需要的话再试一次，并在 60 秒内确认"),
    en=Words(
        "The trial is over and the list before it counts again",
        _NOTHING_EN,
        "Try it once more if you need it, and confirm within 60 seconds",
    ),
)
NETWORKS_MANY: Final = refused(
    "CF-2126",
    422,
    zh=Words("网络太多，最多 {most} 个", "名单没有改动；款项没有变化", "请合并成更大的网段"),
    en=Words(
        "Too many networks, {most} at the most",
        "The list is unchanged; no money has moved",
        "Join them into larger networks",
    ),
)

NETWORK_FAULTS: Final = (
    OFFICE_ELSEWHERE,
    API_ELSEWHERE,
    DANGER_ELSEWHERE,
    NETWORK_WRONG,
    YOU_ARE_ELSEWHERE,
    TRIAL_OVER,
    NETWORKS_MANY,
)
