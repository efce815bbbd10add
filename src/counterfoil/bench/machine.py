"""The machine the figures come from, in one sentence."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import apsw

from counterfoil import __version__
from counterfoil.basis import Clock

_SYNCS = 200
_PAGE = b"\0" * 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """``load`` is the load average of the last minute; ``sync_ms`` how long one fdatasync of 4 KiB takes here."""

    processor: str
    cores: int
    memory_gib: int
    system: str
    python: str
    sqlite: str
    load: float
    sync_ms: float

    def sentence(self) -> str:
        """For the head of a table."""
        return (
            f"Counterfoil {__version__} on {self.cores} cores of {self.processor}, {self.memory_gib} GiB, "
            f"{self.system}, Python {self.python}, SQLite {self.sqlite}; fdatasync of 4 KiB {self.sync_ms:.2f} ms "
            f"(median); load average at the start {self.load:.1f}."
        )


def machine(folder: Path, clock: Clock) -> Machine:
    """Look at this machine and at the disk under ``folder``."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        system=f"{platform.system()} {platform.release().split('-')[0]}",
        python=platform.python_version(),
        sqlite=apsw.sqlite_lib_version(),
        load=os.getloadavg()[0],
        sync_ms=_sync_ms(folder / "sync", clock),
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _sync_ms(path: Path, clock: Clock) -> float:
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            file.write(_PAGE)
            begun = clock.monotonic()
            os.fdatasync(file.fileno())
            took.append(clock.monotonic() - begun)
    path.unlink()
    return sorted(took)[_SYNCS // 2] * 1000
