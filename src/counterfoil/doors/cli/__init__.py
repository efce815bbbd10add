"""The command line: one command a file, each importing what it needs only when it runs.

Rules
- stdout is the answer, stderr everything else; ``--json`` prints exactly one line.
- Exit 0: done; 1: the answer is no; 2: asked wrongly.
"""

from __future__ import annotations

import click

from counterfoil.doors.cli.explain import explain
from counterfoil.doors.cli.version import version

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Counterfoil 存根: take payments, undo them, and prove what happened."""


main.add_command(explain)
main.add_command(version)
