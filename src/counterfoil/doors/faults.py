"""What the doors refuse before an act is asked: the request itself."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused, trouble

_UNTOUCHED_ZH: Final = "没有任何款项变动"
_UNTOUCHED_EN: Final = "No money has moved"


def _request(code: str, status: int, zh: tuple[str, str], en: tuple[str, str]) -> FaultKind:
    """A refusal of the request's form: what happened and what to do; the money is never touched by it."""
    return refused(
        code,
        status,
        zh=Words(zh[0], _UNTOUCHED_ZH, zh[1]),
        en=Words(en[0], _UNTOUCHED_EN, en[1]),
    )


BODY_TOO_LARGE: Final = _request(
    "CF-1001",
    413,
    ("请求正文超过 1 MB", "请缩小正文后再发"),
    ("The request body is larger than 1 MB", "Send a smaller body"),
)
NOT_JSON: Final = _request(
    "CF-1002",
    400,
    ("请求正文不是有效的 JSON", "请发送一个 UTF-8 编码的 JSON 对象"),
    ("The request body is not valid JSON", "Send one JSON object in UTF-8"),
)
KEY_TWICE: Final = _request(
    "CF-1003",
    400,
    ("同一个字段出现了两次：{name}", "每个字段只写一次"),
    ("A field stands twice: {name}", "Give each field once"),
)
TOO_DEEP: Final = _request(
    "CF-1004",
    400,
    ("JSON 嵌套超过 {most} 层", "请按接口说明的结构发送"),
    ("The JSON is nested deeper than {most} levels", "Send the structure the reference describes"),
)
WRONG_CHARSET: Final = _request(
    "CF-1005",
    415,
    ("正文不是 UTF-8 编码", "请用 UTF-8 编码发送，不要压缩"),
    ("The body is not in UTF-8", "Send it in UTF-8, not compressed"),
)
WRONG_MEDIA_TYPE: Final = _request(
    "CF-1006",
    415,
    ("正文类型不是 application/json", "请把 Content-Type 设为 application/json"),
    ("The body is not declared as application/json", "Set Content-Type to application/json"),
)
UNKNOWN_FIELD: Final = _request(
    "CF-1007",
    422,
    ("没有这个字段：{name}", "请核对拼写，或去掉它"),
    ("There is no such field: {name}", "Check its spelling or leave it out"),
)
MISSING_FIELD: Final = _request(
    "CF-1008",
    422,
    ("缺少字段：{name}", "请补上这个字段"),
    ("A field is missing: {name}", "Add this field"),
)
WRONG_TYPE: Final = _request(
    "CF-1009",
    422,
    ("字段类型不对：{name}", "请按接口说明的类型填写"),
    ("A field is of the wrong type: {name}", "Use the type the reference gives"),
)
WRONG_VALUE: Final = _request(
    "CF-1010",
    422,
    ("字段的值不能用：{name}", "请按接口说明的取值和长度填写"),
    ("A field holds a value it cannot hold: {name}", "Use a value within what the reference allows"),
)
NOT_WHOLE: Final = _request(
    "CF-1011",
    422,
    ("数字必须是整数：{name}", "金额以最小单位填写，人民币为分，例如 38.00 元写 3800"),
    ("A number must be whole: {name}", "Amounts are in minor units: 38.00 yuan is 3800"),
)
NO_KEY: Final = _request(
    "CF-1020",
    401,
    ("请求没有带接口密钥", "请在 Authorization 头中写 Bearer 加密钥"),
    ("The request carries no API key", "Send it in the Authorization header, after the word Bearer"),
)
SCOPE_MISSING: Final = _request(
    "CF-1021",
    403,
    ("这个密钥没有 {scope} 权限", "请管理员发一个带此权限的密钥"),
    ("This key does not have the scope {scope}", "Ask an administrator for a key that has it"),
)
NOT_FOUND: Final = _request(
    "CF-1030",
    404,
    ("没有这个地址", "请核对地址；接口说明在 /api/docs"),
    ("There is nothing at this address", "Check the address; the reference is at /api/docs"),
)
METHOD_NOT_ALLOWED: Final = _request(
    "CF-1031",
    405,
    ("这个地址不支持此操作", "请看回答中的 Allow 头，或接口说明 /api/docs"),
    ("This address does not support that method", "See the Allow header of the answer, or /api/docs"),
)
PROOF_NOT_FOUND: Final = _request(
    "CF-1033",
    404,
    ("这笔交易没有这条存证", "请核对位置，或不带 position 取最新一条"),
    ("This payment has no fact at that position", "Check the position, or leave it out for the newest fact"),
)
BAD_REQUEST: Final = _request(
    "CF-1034",
    400,
    ("请求无法读懂", "请核对请求的写法；接口说明在 /api/docs"),
    ("The request cannot be understood", "Check how it is written; the reference is at /api/docs"),
)
TOO_SLOW: Final = trouble(
    "CF-1040",
    503,
    zh=Words("处理超时，已停止等待", "刚才提交的一笔以查单结果为准", "请勿重复收款；用同一编号再查一次"),
    en=Words(
        "The request took too long and is no longer waited for",
        "For what was just submitted, look the payment up",
        "Do not charge again; ask once more with the same id",
    ),
    retry_after_seconds=5,
)
BODY_TOO_SLOW: Final = trouble(
    "CF-1041",
    408,
    zh=Words("请求正文没有及时送达", _UNTOUCHED_ZH, "请检查网络后再发"),
    en=Words("The request body did not arrive in time", _UNTOUCHED_EN, "Check the network and send it again"),
    retry_after_seconds=5,
)
CANNOT_SERVE: Final = trouble(
    "CF-1042",
    503,
    zh=Words("系统暂时不能受理", _UNTOUCHED_ZH, "请稍后再试；如持续，请联系管理员"),
    en=Words("The system cannot serve just now", _UNTOUCHED_EN, "Try again soon; if it lasts, tell the administrator"),
    retry_after_seconds=10,
)

FAULTS: Final = (
    BODY_TOO_LARGE,
    NOT_JSON,
    KEY_TWICE,
    TOO_DEEP,
    WRONG_CHARSET,
    WRONG_MEDIA_TYPE,
    UNKNOWN_FIELD,
    MISSING_FIELD,
    WRONG_TYPE,
    WRONG_VALUE,
    NOT_WHOLE,
    NO_KEY,
    SCOPE_MISSING,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    PROOF_NOT_FOUND,
    BAD_REQUEST,
    TOO_SLOW,
    BODY_TOO_SLOW,
    CANNOT_SERVE,
)
