"""The faults of this area, CF-2180 to CF-2189."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

TOO_MUCH: Final = refused(
    "CF-2180",
    422,
    zh=Words("这段日期内的存证超过 {most} 条，一次合计不完", "没有任何款项变动", "请选短一些的日期再看"),
    en=Words(
        "The log has more than {most} entries in these days, too many to sum at once",
        "No money has moved",
        "Choose fewer days",
    ),
)

FAULTS: Final = (TOO_MUCH,)
