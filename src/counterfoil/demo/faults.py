"""Why a demonstration does not start. CF-71xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

NOT_A_DEMONSTRATION: Final = refused(
    "CF-7101",
    500,
    zh=Words(
        "文件夹 {path} 里的内容不属于演示",
        "演示没有启动，文件夹里的内容没有改动",
        "请用 --data 另选一个空文件夹；正式数据请用 counterfoil serve 启动",
    ),
    en=Words(
        "What lies in the folder {path} is no demonstration",
        "The demonstration did not start; nothing in the folder was changed",
        "Choose an empty folder with --data; real data is served by counterfoil serve",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (NOT_A_DEMONSTRATION,)
