"""What the doors refuse before an act is asked: the request itself. Codes CF-10xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused, trouble

BODY_TOO_LARGE: Final = refused(
    "CF-1001",
    413,
    zh=Words("请求正文超过 1 MB", "没有任何款项变动", "请缩小正文后再发"),
    en=Words("The request body is larger than 1 MB", "No money has moved", "Send a smaller body"),
)
NOT_JSON: Final = refused(
    "CF-1002",
    400,
    zh=Words("请求正文不是有效的 JSON", "没有任何款项变动", "请发送一个 UTF-8 编码的 JSON 对象"),
    en=Words("The request body is not valid JSON", "No money has moved", "Send one JSON object in UTF-8"),
)
KEY_TWICE: Final = refused(
    "CF-1003",
    400,
    zh=Words("同一个字段出现了两次：{name}", "没有任何款项变动", "每个字段只写一次"),
    en=Words("A field stands twice: {name}", "No money has moved", "Give each field once"),
)
TOO_DEEP: Final = refused(
    "CF-1004",
    400,
    zh=Words("JSON 嵌套超过 {most} 层", "没有任何款项变动", "请按接口说明的结构发送"),
    en=Words(
        "The JSON is nested deeper than {most} levels",
        "No money has moved",
        "Send the structure the reference describes",
    ),
)
WRONG_CHARSET: Final = refused(
    "CF-1005",
    415,
    zh=Words("正文不是 UTF-8 编码", "没有任何款项变动", "请用 UTF-8 编码发送，不要压缩"),
    en=Words("The body is not in UTF-8", "No money has moved", "Send it in UTF-8, not compressed"),
)
WRONG_MEDIA_TYPE: Final = refused(
    "CF-1006",
    415,
    zh=Words("正文类型不是 application/json", "没有任何款项变动", "请把 Content-Type 设为 application/json"),
    en=Words(
        "The body is not declared as application/json", "No money has moved", "Set Content-Type to application/json"
    ),
)
UNKNOWN_FIELD: Final = refused(
    "CF-1007",
    422,
    zh=Words("没有这个字段：{name}", "没有任何款项变动", "请核对拼写，或去掉它"),
    en=Words("There is no such field: {name}", "No money has moved", "Check its spelling or leave it out"),
)
MISSING_FIELD: Final = refused(
    "CF-1008",
    422,
    zh=Words("缺少字段：{name}", "没有任何款项变动", "请补上这个字段"),
    en=Words("A field is missing: {name}", "No money has moved", "Add this field"),
)
WRONG_TYPE: Final = refused(
    "CF-1009",
    422,
    zh=Words("字段类型不对：{name}", "没有任何款项变动", "请按接口说明的类型填写"),
    en=Words("A field is of the wrong type: {name}", "No money has moved", "Use the type the reference gives"),
)
WRONG_VALUE: Final = refused(
    "CF-1010",
    422,
    zh=Words("字段的值不能用：{name}", "没有任何款项变动", "请按接口说明的取值和长度填写"),
    en=Words(
        "A field holds a value it cannot hold: {name}",
        "No money has moved",
        "Use a value within what the reference allows",
    ),
)
NOT_WHOLE: Final = refused(
    "CF-1011",
    422,
    zh=Words("数字必须是整数：{name}", "没有任何款项变动", "金额以最小单位填写，人民币为分，例如 38.00 元写 3800"),
    en=Words("A number must be whole: {name}", "No money has moved", "Amounts are in minor units: 38.00 yuan is 3800"),
)
NO_KEY: Final = refused(
    "CF-1020",
    401,
    zh=Words("请求没有带接口密钥", "没有任何款项变动", "请在 Authorization 头中写 Bearer 加密钥"),
    en=Words(
        "The request carries no API key",
        "No money has moved",
        "Send it in the Authorization header, after the word Bearer",
    ),
)
SCOPE_MISSING: Final = refused(
    "CF-1021",
    403,
    zh=Words("这个密钥没有 {scope} 权限", "没有任何款项变动", "请管理员发一个带此权限的密钥"),
    en=Words(
        "This key does not have the scope {scope}", "No money has moved", "Ask an administrator for a key that has it"
    ),
)
NOT_FOUND: Final = refused(
    "CF-1030",
    404,
    zh=Words("没有这个地址", "没有任何款项变动", "请核对地址；接口说明在 /api/docs"),
    en=Words(
        "There is nothing at this address", "No money has moved", "Check the address; the reference is at /api/docs"
    ),
)
METHOD_NOT_ALLOWED: Final = refused(
    "CF-1031",
    405,
    zh=Words("这个地址不支持此操作", "没有任何款项变动", "请看回答中的 Allow 头，或接口说明 /api/docs"),
    en=Words(
        "This address does not support that method",
        "No money has moved",
        "See the Allow header of the answer, or /api/docs",
    ),
)
PROOF_NOT_FOUND: Final = refused(
    "CF-1033",
    404,
    zh=Words("这笔交易没有这条存证", "没有任何款项变动", "请核对位置，或不带 position 取最新一条"),
    en=Words(
        "This payment has no fact at that position",
        "No money has moved",
        "Check the position, or leave it out for the newest fact",
    ),
)
BAD_REQUEST: Final = refused(
    "CF-1034",
    400,
    zh=Words("请求无法读懂", "没有任何款项变动", "请核对请求的写法；接口说明在 /api/docs"),
    en=Words(
        "The request cannot be understood",
        "No money has moved",
        "Check how it is written; the reference is at /api/docs",
    ),
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
    zh=Words("请求正文没有及时送达", "没有任何款项变动", "请检查网络后再发"),
    en=Words("The request body did not arrive in time", "No money has moved", "Check the network and send it again"),
    retry_after_seconds=5,
)
CANNOT_SERVE: Final = trouble(
    "CF-1042",
    503,
    zh=Words("系统暂时不能受理", "没有任何款项变动", "请稍后再试；如持续，请联系管理员"),
    en=Words(
        "The system cannot serve just now", "No money has moved", "Try again soon; if it lasts, tell the administrator"
    ),
    retry_after_seconds=10,
)

TOO_OFTEN: Final = trouble(
    "CF-1060",
    429,
    zh=Words(
        "请求过于频繁，这一次没有受理",
        "这一次没有任何款项变动；此前已提交的收款或退款照常处理，不会丢失",
        "请等几秒（见 Retry-After），再用同一编号发送或查询，不会重复收款",
    ),
    en=Words(
        "Requests come too often, so this one was not looked at",
        "This one moved no money; what was asked for before goes on as it was and is not lost",
        "Wait a few seconds (Retry-After), then ask again with the same id: nobody is charged twice",
    ),
    retry_after_seconds=5,
)

ASKED_WRONGLY: Final = refused(
    "CF-1043",
    400,
    zh=Words("命令写得不对：{why}", "程序没有启动，款项没有变化", "在命令后加 --help 看用法，改正后再试"),
    en=Words(
        "The command was asked wrongly: {why}",
        "The program did not start; no money has moved",
        "Add --help to see how it is used, then try again",
    ),
)

CERTIFICATE_NAME: Final = refused(
    "CF-1044",
    422,
    zh=Words(
        "「{name}」不是主机名，也不是 IP 地址",
        "没有生成证书，款项没有变化",
        "请填收银设备用来访问的名称或地址，例如 pay.shop.lan 或 192.168.1.10，最多 {most} 个",
    ),
    en=Words(
        "{name} is neither a host name nor an IP address",
        "No certificate was made; no money has moved",
        "Give the names or addresses tills use, such as pay.shop.lan or 192.168.1.10, {most} at the most",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
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
    TOO_OFTEN,
    ASKED_WRONGLY,
    CERTIFICATE_NAME,
)
