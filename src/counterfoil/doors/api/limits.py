"""What a caller has to know before its first request, and the limits it will meet, said from the constants."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Language, Server
from counterfoil.doors.api.fields import WAIT_SECONDS
from counterfoil.doors.api.find import PAGE
from counterfoil.doors.api.strict import DEPTH_MAX
from counterfoil.doors.shell import HEAD_BYTES_MAX, HEAD_SECONDS_MAX, LIMITS
from counterfoil.payments import AMOUNT_MINOR_MAX, WAIT_SECONDS_MAX
from counterfoil.records import LIMIT_MAX


def begin(language: Language) -> tuple[str, ...]:
    """A few paragraphs."""
    return _BEGIN_ZH if language == "zh-CN" else _BEGIN_EN


def limits(language: Language) -> list[tuple[str, str]]:
    """Each limit with its name."""
    values = (
        f"{HEAD_BYTES_MAX:,} bytes / {HEAD_SECONDS_MAX} s",
        f"{LIMITS.body_bytes:,} bytes",
        f"{LIMITS.body_seconds} s",
        str(DEPTH_MAX),
        f"1 … {AMOUNT_MINOR_MAX:,}",
        f"{PAGE} / {LIMIT_MAX}",
        f"{WAIT_SECONDS} / {WAIT_SECONDS_MAX} s",
        f"{LIMITS.read_seconds} / {LIMITS.write_seconds} s",
        f"{Server().key_requests_a_minute:,} / min",
    )
    return list(zip(_NAMES_ZH if language == "zh-CN" else _NAMES_EN, values, strict=True))


_NAMES_ZH: Final = (
    "请求头：大小 / 送达时限",
    "请求正文大小",
    "正文送达时限",
    "JSON 嵌套层数",
    "金额（最小单位）",
    "每页笔数：默认 / 最多",
    "wait_seconds：默认 / 最多",
    "请求时限：查询 / 操作",
    "每个密钥每分钟请求数（可由管理员另设）",
)
_NAMES_EN: Final = (
    "Head of a request: size / time to arrive",
    "Size of a body",
    "Time for a body to arrive",
    "Depth of JSON",
    "Amount, in minor units",
    "Payments a page: usual / most",
    "wait_seconds: usual / most",
    "Time of a request: reading / acting",
    "Requests of one key, unless set otherwise",
)
_BEGIN_ZH: Final = (
    "金额一律是货币最小单位的整数（人民币为分），时间为 RFC 3339 的 UTC 时间，编号是调用方自己生成的 UUID。",
    (
        "操作请求的编号请先保存再发送。没有收到回答时，用同一编号和同样内容再发一次：不会重复扣款，系统按记录回答；"
        "编号相同而内容不同，回答 409 并指出第一个不同的字段。"
    ),
    (
        "201 表示结果已知（成功或被拒，看 state.money），202 表示还在等渠道的结果，200 表示此前已受理过。"
        "202 之后请用 GET /payments/{payment_id} 查询，不要另起一笔。"
    ),
    (
        "密钥放在 Authorization 头里，权限有 pay、read、refund、void 四种；密钥只能看到自己的商户和指定的门店。"
        "错误说明默认为英文，加 ?lang=zh-CN 或 Accept-Language 头可得中文。"
    ),
)
_BEGIN_EN: Final = (
    (
        "Amounts are whole minor units of their currency (fen for CNY), times are RFC 3339 in UTC, and ids are UUIDs "
        "the caller makes itself."
    ),
    (
        "Save the id of an act before sending it. Where no answer came, send the same id and content again: nobody is "
        "charged twice, and the record answers. The same id with other content is refused with 409, naming the first "
        "field that differs."
    ),
    (
        "201: the outcome is known, good or bad; see state.money. 202: still open with the provider. 200: this was "
        "asked before. After a 202 look the payment up with GET /payments/{payment_id}; do not begin another."
    ),
    (
        "The key goes in the Authorization header. Its scopes are pay, read, refund and void; it sees its own merchant "
        "and the shops it was made for. Fault words are English unless ?lang=zh-CN or Accept-Language asks for Chinese."
    ),
)
