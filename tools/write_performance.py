"""Measure this machine and write the measured half of docs/performance.md.

    PYTHONPATH=src python tools/write_performance.py

Takes about a quarter of an hour on a machine with nothing else to do; ``--quick`` about two. What stands above the
mark is written by hand and kept.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
MARK = "<!-- Below: written by tools/write_performance.py -->\n"
MEASURED = (("payments", True), ("search", True), ("till", True), ("verify", True), ("start", False), ("memory", True))


def measured(*options: str) -> str:
    """The sections, one a measurement."""
    parts = Path(__file__).parent / "measure_parts.py"
    told = subprocess.run([sys.executable, str(parts)], check=True, capture_output=True, text=True)  # noqa: S603
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for name, has_quick in MEASURED:
            page = Path(folder) / f"{name}.md"
            more = [option for option in options if has_quick]
            command = [sys.executable, "-m", "counterfoil", "bench", name, "--markdown", str(page), *more]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
            made.append(page.read_text("utf-8"))
    return "\n".join([*made, f"## Where a payment's processor time goes\n\n{told.stdout}"])


if __name__ == "__main__":
    kept, _, _ = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(f"{kept}{MARK}\n{measured(*sys.argv[1:])}", "utf-8")
