"""The faults of this area, CF-4xxx: what a provider said or left open, and settings of an account that cannot be used.

Every kind that speaks of a payment is filled with ``provider`` (its name in the reader's language) and ``amount``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from counterfoil.basis import Fault, FaultKind, Words, refused, trouble
from counterfoil.providers.channel_faults import CHANNEL_FAULTS
from counterfoil.providers.held_faults import HELD_FAULTS
from counterfoil.providers.manifest import Texts
from counterfoil.providers.notice import NotOursWhy
from counterfoil.providers.outcome import DeclineReason

NO_INTERNET: Final = trouble(
    "CF-4003",
    503,
    retry_after_seconds=30,
    zh=Words(
        "本店上不了网，暂不能刷卡和扫码",
        "这次没有发出，没有扣款；待确认的款项联网后自动查询",
        "可以先收现金。请检查路由器和网线；不要看顾客手机就放行",
    ),
    en=Words(
        "The shop has no internet; cards and codes cannot be taken",
        "Nothing was sent, nothing taken; payments being checked continue once online",
        "Cash works. Check the router and its cable; do not accept a picture on a phone as payment",
    ),
)
DECLINED_BALANCE: Final = refused(
    "CF-4101",
    402,
    zh=Words(
        "付款方余额不足",
        "没有扣款",
        "请顾客在手机里换一张卡，再出示新的付款码；或按「换方式收」，金额不用重输",
    ),
    en=Words(
        "Not enough balance",
        "Nothing was taken",
        'Ask the customer to choose another card and show a new code, or press "Another way"; the amount is kept',
    ),
)
DECLINED_CODE_EXPIRED: Final = refused(
    "CF-4102",
    402,
    zh=Words(
        "付款码已失效",
        "这次没有扣款",
        "请顾客刷新付款码，再扫一次；截图不能付款。如果刚才扫过一次，先看上一笔的结果",
    ),
    en=Words(
        "The payment code is no longer valid",
        "Nothing was taken this time",
        "Ask for a refreshed code and scan again; screenshots do not work. "
        "If you scanned a moment ago, look at that payment first",
    ),
)
DECLINED_LIMIT: Final = refused(
    "CF-4103",
    402,
    zh=Words(
        "超过付款方的支付限额",
        "没有扣款",
        "请顾客在手机里换一种付款方式，再出示新的付款码；或按「换方式收」，金额不用重输",
    ),
    en=Words(
        "Over the customer's payment limit",
        "Nothing was taken",
        'Ask the customer to pay from another source with a new code, or press "Another way"; the amount is kept',
    ),
)
DECLINED_CUSTOMER: Final = refused(
    "CF-4104",
    402,
    zh=Words("顾客取消了付款", "没有扣款", "还要付款，请顾客出示新的付款码再扫；不付了可直接收下一位"),
    en=Words(
        "The customer cancelled the payment",
        "Nothing was taken",
        "To pay after all, ask for a new code and scan again; otherwise go on with the next customer",
    ),
)
REFUND_FUNDS_SHORT: Final = trouble(
    "CF-4105",
    409,
    zh=Words(
        "{provider}账户可退余额不足",
        "{amount} 没有退给顾客，原收款仍有效",
        "再收一些款后重新退款，或请店长在{provider}充值。不要改用现金退",
    ),
    en=Words(
        "Not enough in the {provider} account to refund",
        "{amount} was not returned; the payment stands",
        "Refund again after more has been taken, or ask the manager to top up at {provider}. Do not refund in cash",
    ),
)
EXCEEDS_REMAINDER: Final = refused(
    "CF-4106",
    409,
    zh=Words(
        "{provider}的可退金额小于 {amount}",
        "没有退款，原收款和以前的退款没有变化",
        "请先查看这笔的退款记录；两边金额不一致时，联系{provider}核对，不要改用现金退",
    ),
    en=Words(
        "{provider} has less than {amount} left to refund",
        "Nothing was refunded; the payment and earlier refunds are unchanged",
        "Look at this payment's refunds first; if the amounts differ, have {provider} check. Do not refund in cash",
    ),
)
PAST_CUT: Final = refused(
    "CF-4107",
    409,
    zh=Words(
        "{provider}已过撤销时间（日切）",
        "{amount} 仍是已收款，没有变化",
        "请改为退款，原路退回；零钱一般很快，银行卡约 1–7 个工作日",
    ),
    en=Words(
        "Too late to void at {provider} (day cut)",
        "{amount} stays received; nothing changed",
        "Refund instead. It goes back the way it came; bank cards take about 1–7 working days",
    ),
)
NOT_PERMITTED: Final = refused(
    "CF-4108",
    409,
    zh=Words(
        "{provider}不允许这一步",
        "款项没有变化",
        "请换一种方式收款，或请管理员向{provider}确认开通了哪些业务",
    ),
    en=Words(
        "{provider} does not allow this",
        "No money has moved",
        "Take the payment another way, or have the administrator ask {provider} what is enabled",
    ),
)
CONFIGURATION: Final = trouble(
    "CF-4109",
    503,
    zh=Words(
        "{provider}收款通道的配置有误",
        "{provider}没有受理，款项没有变化",
        "请先用其他方式收款，并请管理员核对商户号、终端号、证书和密钥",
    ),
    en=Words(
        "The {provider} account is not set up correctly",
        "{provider} did not accept it; no money has moved",
        "Take payments another way for now; have the administrator check merchant number, terminal number and keys",
    ),
)
CODE_CLOSED: Final = refused(
    "CF-4111",
    402,
    zh=Words("收款码没有人付款，已关单", "没有收到钱", "还要付款，请重新出示收款码，或扫顾客的付款码"),
    en=Words(
        "Nobody paid the code; it is closed",
        "Nothing was received",
        "To pay after all, show a new code or scan the customer's payment code",
    ),
)
DECLINED_OTHER: Final = refused(
    "CF-4110",
    402,
    zh=Words(
        "{provider}没有受理",
        "{amount} 没有变动",
        "请顾客查看手机上的提示，换一种方式再试；反复出现请找管理员",
    ),
    en=Words(
        "{provider} did not accept this",
        "{amount} was not moved",
        "Ask the customer what the phone says and try another way; if it keeps happening, tell the administrator",
    ),
)

_SETTINGS_MONEY_ZH: Final = "没有任何款项变动；以前收的钱不受影响"
_SETTINGS_MONEY_EN: Final = "No money has moved; earlier payments are untouched"


def _settings(code: str, zh: tuple[str, str], en: tuple[str, str]) -> FaultKind:
    """A fault of an account's settings: what happened and what to do, in both languages."""
    return refused(code, 503, zh=Words(zh[0], _SETTINGS_MONEY_ZH, zh[1]), en=Words(en[0], _SETTINGS_MONEY_EN, en[1]))


_SETTINGS: Final = {
    "section": _settings(
        "CF-4201",
        ("收款通道 {account} 没有配置", "请在配置文件中写明 [providers.{account}]，然后重新启动"),
        ("Account {account} has no settings", "Write the section [providers.{account}] and start again"),
    ),
    "missing": _settings(
        "CF-4202",
        ("收款通道 {account} 缺少配置项 {key}", "请在 [providers.{account}] 中补上 {key}，然后重新启动"),
        ("Account {account} lacks the setting {key}", "Add {key} to [providers.{account}] and start again"),
    ),
    "unknown": _settings(
        "CF-4203",
        ("收款通道 {account} 有不认识的配置项 {key}", "请检查 {key} 的拼写，或从 [providers.{account}] 中删去"),
        (
            "Account {account} has an unknown setting {key}",
            "Check its spelling or take it out of [providers.{account}]",
        ),
    ),
    "key": _settings(
        "CF-4204",
        ("读不了密钥或证书：{key}", "请检查该文件是否存在、可读，且为 PEM 格式的 RSA 密钥或证书"),
        (
            "A key or certificate cannot be read: {key}",
            "Check that the file exists, is readable and is RSA in PEM form",
        ),
    ),
    "address": _settings(
        "CF-4205",
        ("服务商地址不能用", "须为 https 和公网地址；只有本机的沙箱可以用 http"),
        (
            "The provider's address cannot be used",
            "It must be https at a public address; http is for a sandbox on this machine",
        ),
    ),
    "provider": _settings(
        "CF-4206",
        ("没有名为 {provider} 的支付服务商", "请检查收款通道所用的服务商，或安装含有它的版本"),
        (
            "There is no payment provider named {provider}",
            "Check the account's provider, or install a version that has it",
        ),
    ),
    "merchant_no": _settings(
        "CF-4207",
        ("收款通道 {account} 的商户号与配置不一致", "请核对 [providers.{account}] 的 merchant_no，两处须相同"),
        ("The merchant number of {account} differs from its settings", "Compare merchant_no in [providers.{account}]"),
    ),
    "number": _settings(
        "CF-4211",
        ("收款通道 {account} 的 {key} 填得不对", "请填 {low} 到 {high} 之间的整数；不是必填项时也可以删去"),
        ("{key} of {account} cannot be used", "Give a whole number from {low} to {high}, or leave it out if it may be"),
    ),
    "choice": _settings(
        "CF-4212",
        ("收款通道 {account} 的 {key} 填得不对", "请从这些里选一个：{choices}"),
        ("{key} of {account} cannot be used", "Choose one of these: {choices}"),
    ),
    "line": _settings(
        "CF-4222",
        ("收款通道 {account} 的 {key} 填得不对", "这里只能有一行文字，不超过 {most} 个字符；请重新复制，不要带换行"),
        (
            "{key} of {account} cannot be used",
            "Give one line of at most {most} characters, without line breaks",
        ),
    ),
    "ip_address": _settings(
        "CF-4223",
        ("收款通道 {account} 的 {key} 不是 IP 地址", "请填本店的公网 IP，例如 203.0.113.8"),
        ("{key} of {account} is no IP address", "Give the shop's public address, for example 203.0.113.8"),
    ),
    "demonstration": _settings(
        "CF-4208",
        ("演示数据中不能使用正式收款通道 {account}", "请另建数据目录后再配置正式通道"),
        ("Demonstration data refuses the live account {account}", "Use another data folder for live accounts"),
    ),
    "environment": _settings(
        "CF-4209",
        ("收款通道的环境只能是 sandbox 或 live", "请改正后重试"),
        ("An account's environment is sandbox or live", "Correct it and try again"),
    ),
}
ACCOUNT_NAME_TAKEN: Final = refused(
    "CF-4210",
    409,
    zh=Words("已有名为 {account} 的收款通道", "没有任何款项变动", "请换一个名称"),
    en=Words("There is already an account named {account}", "No money has moved", "Choose another name"),
)
ACCOUNT_UNKNOWN: Final = refused(
    "CF-4213",
    404,
    zh=Words("没有这个收款通道", "没有任何款项变动", "请回到收款通道列表重新选择"),
    en=Words("There is no such channel", "No money has moved", "Go back to the list of channels and choose again"),
)
ACCOUNT_MOVED: Final = refused(
    "CF-4214",
    409,
    zh=Words("这个收款通道刚被别人改过", "没有任何款项变动", "请先看它现在的状态，再决定"),
    en=Words(
        "Somebody changed this channel at the same moment",
        "No money has moved",
        "Look at its state now, then decide",
    ),
)
MANIFEST_WRONG: Final = refused(
    "CF-4220",
    500,
    zh=Words(
        "支付服务商的说明文件有误：{where}，{part}（{why}）",
        "程序没有启动，款项没有变化",
        "请改正这个文件，或移走刚安装的服务商，再启动",
    ),
    en=Words(
        "A provider's manifest is wrong: {where}, {part} ({why})",
        "The program did not start; no money has moved",
        "Correct the file, or take away the provider that was just installed, and start again",
    ),
)
MANIFEST_TWICE: Final = refused(
    "CF-4221",
    500,
    zh=Words(
        "支付服务商 {provider} 有两份：{one} 和 {other}",
        "程序没有启动，款项没有变化",
        "请卸载其中一份，再启动",
    ),
    en=Words(
        "The provider {provider} is there twice: {one} and {other}",
        "The program did not start; no money has moved",
        "Uninstall one of them and start again",
    ),
)

_FIELD_MONEY_ZH: Final = "没有发出，款项没有变化"
_FIELD_MONEY_EN: Final = "Nothing was sent; no money has moved"
_FIELD_DO_ZH: Final = "请管理员核对收款通道的设置；设置无误时，把此代码告知技术支持"
_FIELD_DO_EN: Final = "Have the administrator check the account's settings; if they are right, tell support this code"


def _field(code: str, zh: str, en: str) -> FaultKind:
    """A fault of one field of a call, found before it is sent."""
    return refused(code, 422, zh=Words(zh, _FIELD_MONEY_ZH, _FIELD_DO_ZH), en=Words(en, _FIELD_MONEY_EN, _FIELD_DO_EN))


_FIELD: Final = {
    "missing": _field("CF-4230", "缺少服务商要求的 {name}", "{name}, which the provider requires, is missing"),
    "long": _field("CF-4231", "{name} 超过服务商规定的 {most} 个字符", "{name} is longer than the provider's {most}"),
    "kind": _field("CF-4232", "{name} 的内容不是服务商规定的格式", "{name} is not in the form the provider prescribes"),
    "unknown": _field("CF-4233", "服务商的这个接口没有 {name}", "This call of the provider has no {name}"),
}

NOT_READ: Final = trouble(
    "CF-4234",
    503,
    retry_after_seconds=60,
    zh=Words(
        "服务商没有给出资料（{said}）", "这只是查询，款项没有变化", "请过一会儿再查；一直如此，把此代码告知技术支持"
    ),
    en=Words(
        "The provider did not give what was asked ({said})",
        "This was only a question; no money has moved",
        "Ask again in a while; if it goes on, tell support this code",
    ),
)

_NOTICE_MONEY_ZH: Final = "没有任何款项变动"
_NOTICE_MONEY_EN: Final = "No money has moved"
_NOTICE: Final = {
    NotOursWhy.NOT_SIGNED: refused(
        "CF-4240",
        401,
        zh=Words("支付通知的签名不对，未采信", _NOTICE_MONEY_ZH, "请核对通道的平台证书；若频繁出现，可能有人伪造通知"),
        en=Words(
            "A payment notice is not signed by the provider; it was not believed",
            _NOTICE_MONEY_EN,
            "Check the account's platform certificate; if it keeps happening, somebody may be forging notices",
        ),
    ),
    NotOursWhy.OTHER_MERCHANT: refused(
        "CF-4241",
        409,
        zh=Words("支付通知是别的商户的，未采信", _NOTICE_MONEY_ZH, "请在服务商处核对该商户号的通知地址"),
        en=Words(
            "A payment notice is for another merchant; it was not believed",
            _NOTICE_MONEY_EN,
            "Have the provider check the notice address of that merchant number",
        ),
    ),
    NotOursWhy.UNREADABLE: refused(
        "CF-4242",
        422,
        zh=Words("支付通知读不懂，未采信", _NOTICE_MONEY_ZH, "款项结果以查单为准；请把出现的时间告知技术支持"),
        en=Words(
            "A payment notice cannot be read; it was not believed",
            _NOTICE_MONEY_EN,
            "What was paid is asked for as always; tell support when it happened",
        ),
    ),
}

_BY_REASON: Final = {
    DeclineReason.BALANCE: DECLINED_BALANCE,
    DeclineReason.CODE_EXPIRED: DECLINED_CODE_EXPIRED,
    DeclineReason.LIMIT: DECLINED_LIMIT,
    DeclineReason.CUSTOMER_CANCELLED: DECLINED_CUSTOMER,
    DeclineReason.CLOSED: CODE_CLOSED,
    DeclineReason.FUNDS_SHORT: REFUND_FUNDS_SHORT,
    DeclineReason.EXCEEDS_REMAINDER: EXCEEDS_REMAINDER,
    DeclineReason.PAST_CUT: PAST_CUT,
    DeclineReason.NOT_PERMITTED: NOT_PERMITTED,
    DeclineReason.CONFIGURATION: CONFIGURATION,
    DeclineReason.OTHER: DECLINED_OTHER,
}

FAULTS: Final = (
    NO_INTERNET,
    *_BY_REASON.values(),
    *_SETTINGS.values(),
    ACCOUNT_NAME_TAKEN,
    ACCOUNT_UNKNOWN,
    ACCOUNT_MOVED,
    *_FIELD.values(),
    NOT_READ,
    *_NOTICE.values(),
    MANIFEST_WRONG,
    MANIFEST_TWICE,
    *CHANNEL_FAULTS,
    *HELD_FAULTS,
)


def fault_of(reason: DeclineReason, texts: Mapping[DeclineReason, Texts] | None = None) -> FaultKind:
    """The kind of fault for a provider's no. Fill it with ``provider`` and ``amount``.

    ``texts``: the provider's own words, where its manifest has some for the reason.
    """
    kind, own = _BY_REASON[reason], (texts or {}).get(reason)
    if own is None:
        return kind
    zh, en = Words(own.what_zh, own.money_zh, own.do_zh), Words(own.what_en, own.money_en, own.do_en)
    return replace(kind, zh=zh, en=en)


def field_wrong(which: str, name: str, *, most: str = "") -> Fault:
    """Make a fault of one field of a call: ``missing``, ``long``, ``kind`` or ``unknown``."""
    return _FIELD[which](field=name, name=name, most=most)


def notice_fault(why: NotOursWhy) -> FaultKind:
    """The kind of fault for a notice that is not kept."""
    return _NOTICE[why]


def settings_wrong(which: str, *, field: str | None = None, **fill: str) -> Fault:
    """Make a fault of an account's settings; ``which`` is a name of the table above (``section``, ``key``, …)."""
    return _SETTINGS[which](field=field, **fill)
