"""Killing a PostgreSQL server: every process of it at once, with -9, as when its machine loses its memory."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil

TRIES = 2000


def kill_server(data: Path) -> None:
    """Kill the server of the data folder, if one runs, and see it dead."""
    try:
        postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        postmaster.suspend()  # no child is born while its children are counted
        family = [postmaster, *postmaster.children(recursive=True)]
    except (OSError, psutil.NoSuchProcess):
        return
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    for _ in range(TRIES):
        family = [one for one in family if not _dead(one)]
        if not family:
            return
        psutil.wait_procs(family, timeout=0.05)
    raise AssertionError(f"still there: {family}")


def _dead(process: psutil.Process) -> bool:
    """Gone, or in the list only because nobody has asked for its end yet."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True
