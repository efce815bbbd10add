"""The faults of what is entered for an account, found when it is saved: CF-4290 to CF-4299, and of opening one."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

_MONEY_ZH: Final = "没有保存，没有任何款项变动"
_MONEY_EN: Final = "Nothing was kept; no money has moved"


def _check(code: str, zh: tuple[str, str], en: tuple[str, str], status: int = 422) -> FaultKind:
    """What cannot be kept: what it is and what to do, in both languages."""
    return refused(code, status, zh=Words(zh[0], _MONEY_ZH, zh[1]), en=Words(en[0], _MONEY_EN, en[1]))


LOOPBACK_OFF: Final = _check(
    "CF-4290",
    (
        "这台服务器不允许通道指向本机",
        "请填支付服务商的正式地址；要用本机沙箱试用时，在配置文件的 [server] 下设 loopback_sandboxes = true 再启动",
    ),
    (
        "This server lets no channel point at itself",
        "Enter the provider's own address; a sandbox on this machine needs loopback_sandboxes = true under [server]",
    ),
)
ADDRESS_INSIDE: Final = _check(
    "CF-4291",
    (
        "{host} 解析到的不是公网地址，没有连接",
        "请核对接口地址和本机的 DNS；支付服务商的地址都在公网上",
    ),
    (
        "{host} leads to an address that is not public; it was not called",
        "Check the address and this machine's DNS; a provider's address is a public one",
    ),
    409,
)
PEM_OTHER_KIND: Final = _check(
    "CF-4292",
    (
        "{key} 要填的是{wanted}，填进来的是{found}",
        "请核对几个文件是不是贴错了位置：私钥只填在私钥栏，证书只填在证书栏",
    ),
    (
        "{key} takes {wanted}; what was entered is {found}",
        "See whether the files were mixed up: a private key goes into its own field, certificates into theirs",
    ),
)
PEM_BROKEN: Final = _check(
    "CF-4293",
    ("{key} 不完整，读不出来", "请从原文件整段重新复制，从 -----BEGIN 到 -----END，中间一个字符都不能少"),
    ("{key} is not complete and cannot be read", "Copy all of it anew from the file, from -----BEGIN to -----END"),
)
KEY_LOCKED: Final = _check(
    "CF-4294",
    ("{key} 的私钥设了密码", "请先去掉密码再填：openssl pkey -in 原文件 -out 新文件"),
    ("The private key in {key} has a password", "Take it off first: openssl pkey -in old.pem -out new.pem"),
)
KEY_TYPE: Final = _check(
    "CF-4295",
    ("{key} 不是 2048 位以上的 RSA 密钥", "请向支付服务商核对密钥类型，重新生成或换成对的那一个"),
    ("{key} is no RSA key of at least 2048 bits", "Ask the provider which key it takes, and make or choose that one"),
)
KEY_NOT_OF_CERTIFICATE: Final = _check(
    "CF-4296",
    ("{key} 与 {other} 不是一对", "请找出与这张证书一起生成的私钥；换证书时，私钥也要一起换"),
    (
        "{key} does not belong to the certificate in {other}",
        "Find the key that was made with this certificate; where the certificate changed, the key changed with it",
    ),
)
SERIAL_NOT_OF_CERTIFICATE: Final = _check(
    "CF-4297",
    ("{key} 与 {other} 里证书的序列号不同（证书里是 {found}）", "请照证书里的序列号填，或换成对应的证书"),
    (
        "{key} is not the serial of the certificate in {other} (which is {found})",
        "Enter the certificate's own serial, or the certificate of this serial",
    ),
)
SHAPE_WRONG: Final = _check(
    "CF-4298",
    ("{key} 的样子不对：应为{shape}", "请照支付服务商给的资料重新复制；中间不能有空格，也不要多字少字"),
    (
        "{key} does not look right: it is {shape}",
        "Copy it anew from what the provider gave, without spaces in between and with nothing missing",
    ),
)
OPENED_OTHERWISE: Final = _check(
    "CF-4299",
    ("这次提交的通道已经开通，但 {differs} 与那时不同", "请回到收款通道列表查看；要改配置，请在那个通道里改"),
    (
        "This channel was opened already, and {differs} differs from then",
        "Look at it in the list of channels; change its settings on its own page",
    ),
    409,
)
ACCOUNT_NAME_WRONG: Final = _check(
    "CF-4112",
    ("通道名称不能用", "请填 1 到 {most} 个字，只要一行，例如 总店扫码"),
    ("This name cannot be used for a channel", "Give 1 to {most} characters in one line, such as Codes main shop"),
)

HELD_FAULTS: Final = (
    ACCOUNT_NAME_WRONG,
    LOOPBACK_OFF,
    ADDRESS_INSIDE,
    PEM_OTHER_KIND,
    PEM_BROKEN,
    KEY_LOCKED,
    KEY_TYPE,
    KEY_NOT_OF_CERTIFICATE,
    SERIAL_NOT_OF_CERTIFICATE,
    SHAPE_WRONG,
    OPENED_OTHERWISE,
)
