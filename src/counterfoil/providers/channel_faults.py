"""The faults of sealed settings, of the connection check and of routes: CF-4270 to CF-4284."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

SEAL_KEY_LOST: Final = refused(
    "CF-4270",
    503,
    zh=Words(
        "收款通道的配置解不开：密钥文件里没有当时封存它的密钥",
        "这次没有发出，没有扣款；已收的款不受影响",
        "请从密钥备份恢复 seal.keys；找不回时，在后台重新填写这个通道的配置",
    ),
    en=Words(
        "A channel's settings cannot be opened: the key they were sealed with is not in the key file",
        "Nothing was sent, nothing taken; money received before is untouched",
        "Restore seal.keys from the backup of the keys; if it is gone, enter the channel's settings anew in the office",
    ),
)
_CHECK_MONEY_ZH: Final = "只问了一次，没有任何款项变动"
_CHECK_MONEY_EN: Final = "Only a question was asked; no money has moved"


def _check(code: str, zh: tuple[str, str], en: tuple[str, str]) -> FaultKind:
    """What a connection check found wrong: what it is and what to do, in both languages."""
    return refused(code, 409, zh=Words(zh[0], _CHECK_MONEY_ZH, zh[1]), en=Words(en[0], _CHECK_MONEY_EN, en[1]))


CERTIFICATE_ENDED: Final = _check(
    "CF-4272",
    ("{key} 里的证书已在 {day} 过期", "请向支付服务商要新证书，在后台换上；新旧可以并存"),
    (
        "The certificate in {key} ended on {day}",
        "Ask the provider for its new one and enter it; both may stand there",
    ),
)
CERTIFICATE_EARLY: Final = _check(
    "CF-4273",
    ("{key} 里的证书要到 {day} 才生效", "请核对是不是拿错了证书，并检查本机的日期"),
    ("The certificate in {key} is not valid before {day}", "Check that it is the right one, and this machine's date"),
)
CLOCK_OFF: Final = _check(
    "CF-4274",
    ("本机的时间与支付服务商相差 {minutes} 分钟", "请打开本机的自动对时；相差大时对方会拒绝签名"),
    (
        "This machine's clock and the provider's differ by {minutes} minutes",
        "Switch on automatic time on this machine; with a large difference the provider refuses our signature",
    ),
)
UNREACHABLE: Final = _check(
    "CF-4275",
    ("连不上 {host}（{why}）", "请检查本店网络、防火墙和接口地址；收款时会自动走下一条通道"),
    (
        "{host} cannot be reached ({why})",
        "Check the network, the firewall and the address; payments go by the next route meanwhile",
    ),
)
SILENT: Final = _check(
    "CF-4276",
    ("{host} 连上了，但没有等到完整的回答（{why}）", "请稍后再试；一直这样时联系支付服务商"),
    ("{host} was reached and gave no whole answer ({why})", "Try again later; if it stays so, call the provider"),
)
UNSIGNED: Final = _check(
    "CF-4277",
    (
        "{host} 的回答没有可信的签名（{why}）",
        "请核对平台证书和接口地址；对方不认我们的私钥、序列号或应用编号时也会这样",
    ),
    (
        "The answer of {host} carries no signature that holds ({why})",
        "Compare the platform's certificate and address; a key or number of ours it does not know looks the same",
    ),
)
KEY_NOT_ACCEPTED: Final = _check(
    "CF-4278",
    ("支付服务商不认我们的签名或商户号（{why}）", "请核对私钥、证书序列号、应用编号和商户号是否是同一套"),
    (
        "The provider does not accept our signature or merchant number ({why})",
        "Check that key, serial, application number and merchant number belong together",
    ),
)
ANSWER_ODD: Final = _check(
    "CF-4279",
    ("{host} 的回答看不懂（{why}）", "请核对接口地址；地址没错时稍后再试，或联系支付服务商"),
    (
        "The answer of {host} says nothing of use ({why})",
        "Check the address; if it is right, try later or call the provider",
    ),
)
RENEWAL_STUCK: Final = _check(
    "CF-4251",
    (
        "今天的签到还没有成功，仍在用原来的密钥",
        "收款照常，程序每十分钟再试一次。一天之后还这样时，向{provider}核对终端号和设备号，必要时重新激活",
    ),
    (
        "The sign-in of the day has not come about; the former key still signs",
        "Payments go on, and it is tried every ten minutes. After a day have {provider} compare terminal and device",
    ),
)
TERMINAL_NOT_ACCEPTED: Final = _check(
    "CF-4252",
    (
        "{provider}不认这个终端的密钥（{why}）",
        "请核对接口地址、终端号和密钥是否出自同一次激活；找不回时向{provider}要一个激活码，重新激活",
    ),
    (
        "{provider} does not accept this terminal's key ({why})",
        "Check that address, number and key are of one activation; if lost, activate again with a code of {provider}",
    ),
)
NOT_PASTED_WHOLE: Final = _check(
    "CF-4280",
    ("{key} 填得不对：要贴完整的 PEM 文字", "请从 -----BEGIN 到 -----END 整段复制；不能填文件路径"),
    ("{key} must be the PEM text itself", "Copy all of it, from -----BEGIN to -----END; a path is not taken here"),
)
ROUTE_WRONG: Final = refused(
    "CF-4281",
    422,
    zh=Words("这条路由不成立：{why}", "没有任何款项变动", "请换门店、终端、方式或通道后再试"),
    en=Words("This route cannot be: {why}", "No money has moved", "Choose another shop, terminal, method or channel"),
)


_NOTHING_KEPT_ZH: Final = "没有任何款项变动，通道的配置和原来一样"
_NOTHING_KEPT_EN: Final = "No money has moved; the channel's settings are as they were"
ACTIVATION_REFUSED: Final = refused(
    "CF-4282",
    409,
    zh=Words(
        "{provider}没有激活这个终端（{said}）",
        _NOTHING_KEPT_ZH,
        "请核对服务商序列号、密钥、应用编号和激活码；激活码七天有效，多数只能用一次，用过的请向{provider}另要一个",
    ),
    en=Words(
        "{provider} did not activate the terminal ({said})",
        _NOTHING_KEPT_EN,
        "Compare vendor number, vendor key, app id and code; a code lasts seven days and mostly works once: ask "
        "{provider} for another one",
    ),
)
ACTIVATION_UNKNOWN: Final = refused(
    "CF-4283",
    409,
    zh=Words(
        "激活请求已发给{provider}，没有收到能用的回答（{said}）",
        _NOTHING_KEPT_ZH,
        "对方可能已造了一个终端，它的密钥不会再发一次：请向{provider}另要一个激活码；旧码仍有次数时，用旧码也行",
    ),
    en=Words(
        "{provider} was asked to activate the terminal and gave no answer of use ({said})",
        _NOTHING_KEPT_EN,
        "A terminal may have been made, and its key is not handed out twice: ask {provider} for another code; the old "
        "one does where it has uses left",
    ),
)
ACTIVATION_LOST: Final = refused(
    "CF-4250",
    503,
    zh=Words(
        "{provider}已激活终端，但数据库写不进去，它的密钥没能保存",
        _NOTHING_KEPT_ZH,
        "这个终端的密钥不会再发一次。请先修好数据库，再向{provider}另要一个激活码",
    ),
    en=Words(
        "{provider} activated a terminal, and its key could not be kept: the database took nothing",
        _NOTHING_KEPT_EN,
        "The key is not handed out twice. Mend the database first, then ask {provider} for another code",
    ),
)
ACTIVATION_NOT_SENT: Final = refused(
    "CF-4284",
    409,
    zh=Words(
        "连不上{provider}（{said}）",
        _NOTHING_KEPT_ZH,
        "激活码没有用掉。请检查本店网络和接口地址，再用同一个码激活",
    ),
    en=Words(
        "{provider} cannot be reached ({said})",
        _NOTHING_KEPT_EN,
        "The code is not used up. Check the network and the address, then activate with the same code",
    ),
)

CHANNEL_FAULTS: Final = (
    SEAL_KEY_LOST,
    CERTIFICATE_ENDED,
    CERTIFICATE_EARLY,
    CLOCK_OFF,
    UNREACHABLE,
    SILENT,
    UNSIGNED,
    KEY_NOT_ACCEPTED,
    ANSWER_ODD,
    RENEWAL_STUCK,
    TERMINAL_NOT_ACCEPTED,
    NOT_PASTED_WHOLE,
    ROUTE_WRONG,
    ACTIVATION_REFUSED,
    ACTIVATION_UNKNOWN,
    ACTIVATION_LOST,
    ACTIVATION_NOT_SENT,
)
