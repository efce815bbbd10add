"""What ``verify`` finds: a stable name, the place, and a sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.basis import Language


class Found(StrEnum):
    """The kinds of findings. Names never change their meaning."""

    NO_INSTALLATION = "NO_INSTALLATION"
    NO_KEY = "NO_KEY"
    LEAF_MISSING = "LEAF_MISSING"
    LEAF_BEYOND_HEAD = "LEAF_BEYOND_HEAD"
    LEAF_CHANGED = "LEAF_CHANGED"
    LEAF_MALFORMED = "LEAF_MALFORMED"
    LEAF_UNKNOWN_KIND = "LEAF_UNKNOWN_KIND"
    LEAF_TIME = "LEAF_TIME"
    LEAF_SUBJECT = "LEAF_SUBJECT"
    HEAD_DIFFERS = "HEAD_DIFFERS"
    CHECKPOINT_FORGED = "CHECKPOINT_FORGED"
    CHECKPOINT_ROOT = "CHECKPOINT_ROOT"
    CHECKPOINT_BEYOND_HEAD = "CHECKPOINT_BEYOND_HEAD"
    NOTHING_SIGNED = "NOTHING_SIGNED"
    TILE_DIFFERS = "TILE_DIFFERS"
    TILE_MISSING = "TILE_MISSING"
    TILE_BEYOND_HEAD = "TILE_BEYOND_HEAD"
    ROW_CHANGED = "ROW_CHANGED"
    ROW_MISSING = "ROW_MISSING"
    ROW_WITHOUT_FACT = "ROW_WITHOUT_FACT"
    COMMITMENT_DIFFERS = "COMMITMENT_DIFFERS"
    TOTAL_DIFFERS = "TOTAL_DIFFERS"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    found: Found
    merchant_id: int | None = None
    table: str | None = None
    key: tuple[str | int, ...] | None = None
    position: int | None = None
    path: str | None = None
    size: int | None = None
    why: str | None = None

    def tell(self, language: Language) -> str:
        """The sentence, with the place in it."""
        words = _WORDS[self.found][0 if language == "zh-CN" else 1]
        key = "/".join(str(part) for part in self.key or ())
        return words.format(
            merchant=self.merchant_id,
            table=self.table,
            key=key,
            position=self.position,
            path=self.path,
            size=self.size,
            why=self.why,
        )


_WORDS: Final = {
    Found.NO_INSTALLATION: (
        "数据库里没有安装标识，无法得知日志名称",
        "The database does not say which installation it is, so the logs have no name",
    ),
    Found.NO_KEY: (
        "没有可用来核对签名的公钥",
        "There is no public key to check signatures with",
    ),
    Found.LEAF_MISSING: (
        "商户 {merchant} 的存证缺第 {position} 条",
        "Log {merchant} has no leaf at position {position}",
    ),
    Found.LEAF_BEYOND_HEAD: (
        "商户 {merchant} 的第 {position} 条存证在日志末尾之后",
        "Log {merchant} has a leaf at position {position}, behind its head",
    ),
    Found.LEAF_CHANGED: (
        "商户 {merchant} 的第 {position} 条存证与它的哈希不符",
        "Log {merchant}, position {position}: the leaf does not fit its hash",
    ),
    Found.LEAF_MALFORMED: (
        "商户 {merchant} 的第 {position} 条存证不是规范格式（{why}）",
        "Log {merchant}, position {position}: the leaf is not in canonical form ({why})",
    ),
    Found.LEAF_UNKNOWN_KIND: (
        "商户 {merchant} 的第 {position} 条存证的种类或字段未登记（{why}）",
        "Log {merchant}, position {position}: a kind or field that is not registered ({why})",
    ),
    Found.LEAF_TIME: (
        "商户 {merchant} 的第 {position} 条存证时间不对（{why}）",
        "Log {merchant}, position {position}: the time cannot be right ({why})",
    ),
    Found.LEAF_SUBJECT: (
        "商户 {merchant} 的第 {position} 条存证的对象与索引列不符",
        "Log {merchant}, position {position}: the subject column says other than the leaf",
    ),
    Found.HEAD_DIFFERS: (
        "商户 {merchant} 的日志头（{size} 条）与重新计算的结果不符",
        "Log {merchant}: the head at size {size} differs from the one recomputed",
    ),
    Found.CHECKPOINT_FORGED: (
        "商户 {merchant} 大小为 {size} 的检查点签名不成立（{why}）",
        "Log {merchant}: the checkpoint at size {size} is not signed by this log's key ({why})",
    ),
    Found.CHECKPOINT_ROOT: (
        "商户 {merchant} 大小为 {size} 的检查点与重新计算的根不符",
        "Log {merchant}: the root signed at size {size} differs from the one recomputed",
    ),
    Found.CHECKPOINT_BEYOND_HEAD: (
        "商户 {merchant} 已签名到 {size} 条，但日志末尾被截去",
        "Log {merchant} was signed at size {size}, but its tail has been cut off",
    ),
    Found.NOTHING_SIGNED: (
        "商户 {merchant} 的日志没有任何检查点，早该有了；检查点可能被一并删除，无法证明日志未被改写",
        "Log {merchant} has no checkpoint at all and should have had one long ago; nothing shows it was not rewritten",
    ),
    Found.TILE_DIFFERS: (
        "存证文件 {path} 与重新计算的内容不符（自第 {position} 条起）",
        "The file {path} differs from what was recomputed, from position {position} on",
    ),
    Found.TILE_MISSING: ("存证文件 {path} 不见了", "The file {path} is missing"),
    Found.TILE_BEYOND_HEAD: (
        "存证文件 {path} 在日志末尾之后，日志可能被截去",
        "The file {path} lies behind the log's head; its tail may have been cut off",
    ),
    Found.ROW_CHANGED: (
        "商户 {merchant} 表 {table} 的记录 {key} 与最后一条存证（第 {position} 条）不符",
        "Merchant {merchant}, table {table}, row {key} differs from its last fact, at position {position}",
    ),
    Found.ROW_MISSING: (
        "商户 {merchant} 表 {table} 的记录 {key} 不见了（最后一条存证在第 {position} 条）",
        "Merchant {merchant}, table {table}, row {key} is gone; its last fact is at position {position}",
    ),
    Found.ROW_WITHOUT_FACT: (
        "商户 {merchant} 表 {table} 的记录 {key} 没有任何存证",
        "Merchant {merchant}, table {table}, row {key} has no fact at all",
    ),
    Found.COMMITMENT_DIFFERS: (
        "商户 {merchant} 表 {table} 记录 {key} 的 {why} 与它的承诺值不符",
        "Merchant {merchant}, table {table}, row {key}: {why} does not fit its commitment",
    ),
    Found.TOTAL_DIFFERS: (
        "商户 {merchant} 表 {table} 的合计 {key} 与按存证重新汇总的结果不符（{why}）",
        "Merchant {merchant}, table {table}: the sum {key} differs from the one folded from the log ({why})",
    ),
}
