"""The faults of the evidence."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import FaultKind, Words, broken, refused

KEY_MISSING: Final = broken(
    "CF-5001",
    zh=Words(
        "存证签名密钥不在 {path}，系统没有启动",
        "已记录的款项没有变化；系统启动前不能收款",
        "请从备份取回该密钥文件放回原处再启动；不要新建密钥，否则以前的存证无法延续",
    ),
    en=Words(
        "The evidence signing key is not at {path}, so nothing was started",
        "Recorded money is unchanged; no payment can be taken until the system runs",
        "Put the key file back from its backup and start again; never make a new key: earlier evidence could not go on",
    ),
)
KEY_UNREADABLE: Final = broken(
    "CF-5002",
    zh=Words(
        "存证签名密钥 {path} 读不出来：{why}",
        "已记录的款项没有变化；系统启动前不能收款",
        "请检查文件权限（目录 0700、文件 0600、归运行账户所有），或从备份取回该文件再启动",
    ),
    en=Words(
        "The evidence signing key {path} cannot be read: {why}",
        "Recorded money is unchanged; no payment can be taken until the system runs",
        "Check its permissions (folder 0700, file 0600, own account), or put it back from its backup",
    ),
)
ROLLED_BACK: Final = refused(
    "CF-5003",
    409,
    zh=Words(
        "数据库比已签名的存证旧，删除、销毁一类操作暂停",
        "收款、查单和退款照常，款项没有变化",
        "请管理员找回最近的数据库备份，并用 counterfoil verify 核对；核对通过前不能删除任何记录",
    ),
    en=Words(
        "The database is older than the evidence already signed, so removals are paused",
        "Taking money, looking up and refunding go on; no money has moved",
        "The administrator finds the newer database and checks it with counterfoil verify; no removals until then",
    ),
)
CONTRADICTED: Final = broken(
    "CF-5004",
    zh=Words(
        "存证记录与已签名的存证不一致，已停止为它签名",
        "收款、查单和退款照常；但这段记录暂不能作为凭据",
        "请管理员运行 counterfoil verify --all，保留现有文件，并联系技术支持",
    ),
    en=Words(
        "The log contradicts what was already signed, so it is no longer signed",
        "Taking money, looking up and refunding go on; these records cannot serve as proof for now",
        "The administrator should run counterfoil verify --all, keep all files as they are, and call support",
    ),
)
NOT_SIGNED_YET: Final = refused(
    "CF-5005",
    404,
    zh=Words(
        "这条记录的存证还没有签名",
        "款项没有变化，记录已经保存",
        "签名在一分钟内完成，请稍后再取证明",
    ),
    en=Words(
        "The evidence of this record is not signed yet",
        "No money has moved; the record is kept",
        "It is signed within a minute; ask for the proof again then",
    ),
)
NO_SUCH_TILE: Final = refused(
    "CF-5006",
    404,
    zh=Words("没有这个存证文件", "款项没有变化", "请按最新检查点的大小计算路径再取"),
    en=Words(
        "There is no such evidence file",
        "No money has moved",
        "Work out the path from the size of the newest checkpoint and ask again",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
    KEY_MISSING,
    KEY_UNREADABLE,
    ROLLED_BACK,
    CONTRADICTED,
    NOT_SIGNED_YET,
    NO_SUCH_TILE,
)
