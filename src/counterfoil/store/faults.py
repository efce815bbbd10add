"""The store's faults, CF-6xxx."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import FaultKind, Words, broken, refused, trouble

_UNCHANGED_ZH: Final = "已记录的款项没有变化"
_UNCHANGED_EN: Final = "Recorded money is unchanged"
_NOT_RECORDED_ZH: Final = "这一步没有记录，款项没有变化"
_NOT_RECORDED_EN: Final = "This step was not recorded; no money was changed by it"

LEASE_HELD: Final = refused(
    "CF-6001",
    503,
    zh=Words(
        "数据文件 {path} 正由另一个 Counterfoil 使用，本次没有启动",
        _UNCHANGED_ZH,
        "请使用正在运行的那一个，或先停止它再启动",
    ),
    en=Words(
        "Another Counterfoil is using the data file {path}, so this one did not start",
        _UNCHANGED_EN,
        "Use the one that is running, or stop it first",
    ),
)
SQLITE_TOO_OLD: Final = refused(
    "CF-6002",
    503,
    zh=Words(
        "SQLite 版本 {found} 过旧，断电时可能丢失已确认的记录；至少需要 {least}",
        _UNCHANGED_ZH,
        "请按安装说明重新安装依赖后再启动",
    ),
    en=Words(
        "SQLite {found} is too old and may lose confirmed records in a power cut; at least {least} is needed",
        _UNCHANGED_EN,
        "Install the dependencies again as the installation guide says, then start",
    ),
)
SCHEMA_NEWER: Final = refused(
    "CF-6003",
    503,
    zh=Words(
        "数据由更新的版本写成（数据结构 {found}，本程序只认识到 {known}）",
        _UNCHANGED_ZH,
        "请升级本程序后再启动，不要用旧版本打开这份数据",
    ),
    en=Words(
        "A newer version wrote this data (schema {found}; this program knows up to {known})",
        _UNCHANGED_EN,
        "Upgrade this program before starting; do not open the data with an older one",
    ),
)
ADDRESS_UNKNOWN: Final = refused(
    "CF-6004",
    503,
    zh=Words("数据库地址无法识别", _UNCHANGED_ZH, "请填写 sqlite:///绝对路径 或 postgresql:// 开头的地址"),
    en=Words(
        "The database address is not understood",
        _UNCHANGED_EN,
        "Give sqlite:///absolute/path or an address that begins with postgresql://",
    ),
)
LEASE_LOST: Final = broken(
    "CF-6005",
    zh=Words(
        "另一个 Counterfoil 接管了数据文件，本程序已停止写入",
        _NOT_RECORDED_ZH,
        "请确认只有一个程序使用这份数据，然后重新启动",
    ),
    en=Words(
        "Another Counterfoil took over the data file, so this one stopped writing",
        _NOT_RECORDED_EN,
        "Make sure only one program uses this data, then start again",
    ),
)
CHECKSUMS_MISSING: Final = refused(
    "CF-6006",
    503,
    zh=Words("数据文件 {path} 没有页校验", _UNCHANGED_ZH, "请用本程序的备份恢复到新文件后再启动"),
    en=Words(
        "The data file {path} carries no page checksums",
        _UNCHANGED_EN,
        "Restore it into a new file from a backup made by this program, then start",
    ),
)
NOTHING_THERE: Final = refused(
    "CF-6007",
    404,
    zh=Words("{path} 处没有数据文件", _UNCHANGED_ZH, "请检查数据文件夹的路径"),
    en=Words("There is no data file at {path}", _UNCHANGED_EN, "Check the path of the data folder"),
)
DISTRIBUTED_NEEDS_POSTGRESQL: Final = refused(
    "CF-6021",
    503,
    zh=Words(
        "设置了分布式存储（distributed），但数据库是 SQLite",
        _UNCHANGED_ZH,
        "请把 [database] 的 address 改为装有 Citus 的 PostgreSQL 地址，或去掉 distributed，再启动",
    ),
    en=Words(
        "The store is set to be distributed, but the database is SQLite",
        _UNCHANGED_EN,
        "Under [database], give the address of a PostgreSQL with Citus, or take distributed away, then start",
    ),
)
CITUS_MISSING: Final = refused(
    "CF-6022",
    503,
    zh=Words(
        "设置了分布式存储，但这个数据库没有可用的 citus 扩展：{why}",
        _UNCHANGED_ZH,
        "请让数据库管理员在各节点安装 Citus，并在此库执行 CREATE EXTENSION citus；"
        "不需要分布式时去掉 distributed，再启动",
    ),
    en=Words(
        "The store is set to be distributed, but this database has no citus extension: {why}",
        _UNCHANGED_EN,
        "Have Citus installed on every node and CREATE EXTENSION citus run in this database, or take distributed away, "
        "then start",
    ),
)
NOT_DISTRIBUTED: Final = refused(
    "CF-6023",
    503,
    zh=Words(
        "数据表没有分布成功，已全部退回：{why}",
        _UNCHANGED_ZH,
        "请按数据库给出的原因处理（第一次启动要连接协调节点），再启动",
    ),
    en=Words(
        "The tables could not be distributed, and all of it was undone: {why}",
        _UNCHANGED_EN,
        "Deal with what the database says (the first start must reach the coordinator), then start again",
    ),
)
DISTRIBUTED_ALREADY: Final = refused(
    "CF-6024",
    503,
    zh=Words(
        "这份数据是分布式的，设置里却没有写 distributed",
        _UNCHANGED_ZH,
        "请在 [database] 下写上 distributed = true，再启动",
    ),
    en=Words(
        "This data is distributed, but the settings do not say so",
        _UNCHANGED_EN,
        "Write distributed = true under [database], then start again",
    ),
)
DATABASE_REFUSES: Final = refused(
    "CF-6008",
    503,
    zh=Words(
        "数据库不接受这个用户、密码或库名（{why}）",
        _UNCHANGED_ZH,
        "请核对设置里的数据库地址，以及数据库服务器的用户和访问规则",
    ),
    en=Words(
        "The database does not accept this user, password or database name ({why})",
        _UNCHANGED_EN,
        "Check the database address in the settings, and the users and access rules of the database server",
    ),
)
QUEUE_FULL: Final = trouble(
    "CF-6101",
    503,
    zh=Words("系统正忙，等待记录的交易已达上限", _NOT_RECORDED_ZH, "请等 1 秒后用同一编号重试"),
    en=Words(
        "Too many steps are waiting to be recorded",
        _NOT_RECORDED_EN,
        "Wait a second and try again with the same id",
    ),
    retry_after_seconds=1,
)
BUSY: Final = trouble(
    "CF-6102",
    503,
    zh=Words("数据库多次被占用，没有写成", _NOT_RECORDED_ZH, "请等 1 秒后用同一编号重试"),
    en=Words(
        "The database was locked by others several times in a row",
        _NOT_RECORDED_EN,
        "Wait a second and try again with the same id",
    ),
    retry_after_seconds=1,
)
DISK_FULL: Final = trouble(
    "CF-6103",
    503,
    zh=Words("磁盘已满，无法记录", _NOT_RECORDED_ZH, "查询不受影响；请管理员腾出磁盘空间，再用同一编号重试"),
    en=Words(
        "The disk is full, so nothing can be recorded",
        _NOT_RECORDED_EN,
        "Looking things up still works; free disk space, then try again with the same id",
    ),
    retry_after_seconds=30,
)
NOT_VERIFIED: Final = refused(
    "CF-6030",
    503,
    zh=Words(
        "数据库在另一台机器上（{host}），而地址没有要求校验对方证书的加密连接",
        "程序没有启动，款项没有变化",
        "请在 [database] address 末尾加上 ?sslmode=verify-full&sslrootcert=签发机构证书文件"
        "（公共机构签发的写 sslrootcert=system）；线路可信、确认不校验时，"
        "在 [database] 里写 trusted_wire = true 再启动",
    ),
    en=Words(
        "The database is on another machine ({host}), and its address does not demand verified encryption",
        "The program did not start; no money has moved",
        "End the address under [database] with ?sslmode=verify-full&sslrootcert=FILE, the certificate of its authority "
        "(sslrootcert=system for a public one); or, where the wire itself is trusted, write trusted_wire = true there "
        "and start again",
    ),
)
UNREACHABLE: Final = trouble(
    "CF-6104",
    503,
    zh=Words("连接不上数据库", _NOT_RECORDED_ZH, "请稍后用同一编号重试；持续出现时请管理员检查数据库"),
    en=Words(
        "The database cannot be reached",
        _NOT_RECORDED_EN,
        "Try again shortly with the same id; if it goes on, have the administrator check the database",
    ),
    retry_after_seconds=2,
)
NO_CONNECTION_FREE: Final = trouble(
    "CF-6105",
    503,
    zh=Words(
        "数据库的连接已用完",
        _NOT_RECORDED_ZH,
        "请等几秒后用同一编号重试；持续出现时请管理员增加数据库的最大连接数",
    ),
    en=Words(
        "All connections of the database are in use",
        _NOT_RECORDED_EN,
        "Wait a few seconds and try again with the same id; if it goes on, have the administrator allow more of them",
    ),
    retry_after_seconds=3,
)
NO_PRIMARY: Final = trouble(
    "CF-6106",
    503,
    zh=Words(
        "数据库暂时不接受写入，多半正在切换主机",
        _NOT_RECORDED_ZH,
        "切换一般半分钟内完成，请稍候用同一编号重试；持续出现时请管理员检查数据库集群",
    ),
    en=Words(
        "No database server takes writes at the moment: another is about to take over",
        _NOT_RECORDED_EN,
        "This usually ends within half a minute; try again with the same id. If it goes on, have the administrator "
        "check the database cluster",
    ),
    retry_after_seconds=3,
)
TOO_SLOW: Final = trouble(
    "CF-6107",
    503,
    zh=Words(
        "数据库在规定时间内没有答复",
        _NOT_RECORDED_ZH,
        "请稍候用同一编号重试；持续出现时请管理员检查数据库和网络",
    ),
    en=Words(
        "The database did not answer in time",
        _NOT_RECORDED_EN,
        "Try again shortly with the same id; if it goes on, have the administrator check the database and the network",
    ),
    retry_after_seconds=5,
)
NOT_CONFIRMED: Final = trouble(
    "CF-6108",
    503,
    zh=Words(
        "数据库的备用服务器没有确认，为防丢失，暂停记录新的交易",
        _NOT_RECORDED_ZH,
        "请管理员恢复备用服务器；恢复后自动继续，请用同一编号重试",
    ),
    en=Words(
        "The database's standby servers do not confirm, so nothing new is recorded lest it be lost",
        _NOT_RECORDED_EN,
        "Have the administrator bring a standby back; then it goes on by itself. Try again with the same id",
    ),
    retry_after_seconds=10,
)
FATE_UNKNOWN: Final = trouble(
    "CF-6109",
    503,
    zh=Words(
        "记录这一步时数据库断开，不知道有没有记上",
        "这一步可能已经记录，也可能没有；记上的不会再变",
        "请等几秒，用同一编号再问一次，或先查看记录；在此之前请勿换编号重做",
    ),
    en=Words(
        "The database broke off while this step was being recorded; it may or may not be",
        "The step is either recorded whole or not at all; what is recorded stays",
        "Wait a few seconds and ask again with the same id, or look it up; do not use another id before that",
    ),
    retry_after_seconds=5,
)
POISONOUS: Final = broken(
    "CF-6201",
    zh=Words("这一步无法写入数据库，已单独停止，其他交易不受影响", _NOT_RECORDED_ZH, "把编号 CF-6201 和时间告诉管理员"),
    en=Words(
        "This step cannot be written to the database; it alone was stopped",
        _NOT_RECORDED_EN,
        "Tell the administrator code CF-6201 and the time",
    ),
)
STOPPED: Final = broken(
    "CF-6202",
    zh=Words(
        "写入磁盘失败，程序已停止，以免误报成功",
        "最后几笔以重新启动后的查单结果为准",
        "请检查磁盘后重新启动；在此之前请勿重复收款",
    ),
    en=Words(
        "Writing to the disk failed, so the program stopped rather than confirm what may be lost",
        "For the last steps, look them up after the restart",
        "Check the disk, then start again; do not charge again before that",
    ),
)
DAMAGED: Final = broken(
    "CF-6203",
    zh=Words("数据文件有一页损坏或读不出来", "损坏的内容没有被使用", "请停止程序，用备份恢复，并更换磁盘"),
    en=Words(
        "A page of the data file is damaged or cannot be read",
        "Nothing damaged was used",
        "Stop the program, restore from a backup and replace the disk",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
    LEASE_HELD,
    SQLITE_TOO_OLD,
    SCHEMA_NEWER,
    ADDRESS_UNKNOWN,
    LEASE_LOST,
    CHECKSUMS_MISSING,
    NOTHING_THERE,
    DISTRIBUTED_NEEDS_POSTGRESQL,
    CITUS_MISSING,
    NOT_DISTRIBUTED,
    DISTRIBUTED_ALREADY,
    DATABASE_REFUSES,
    QUEUE_FULL,
    BUSY,
    DISK_FULL,
    NOT_VERIFIED,
    UNREACHABLE,
    NO_CONNECTION_FREE,
    NO_PRIMARY,
    TOO_SLOW,
    NOT_CONFIRMED,
    FATE_UNKNOWN,
    POISONOUS,
    STOPPED,
    DAMAGED,
)
