"""The command line: one command a file, each importing what it needs only when it runs.

Rules
- stdout is the answer, stderr everything else; ``--json`` prints exactly one line.
- Exit 0: done; 1: the answer is no; 2: asked wrongly, or it could not start.
- A fault is three sentences in the reader's language, never a traceback.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

__all__ = ["main"]

# Name and one line, so that --help imports none of them.
_COMMANDS: Final = {
    "demo": "Set up and run the demonstration on this machine.",
    "setup": "Make the first merchant and its administrator.",
    "serve": "Run the server on a data folder.",
    "sandbox": "Run a provider's sandbox by itself.",
    "verify": "Check an installation against its own evidence.",
    "doctor": "Check what this installation depends on.",
    "keys": "Change the key that settings are sealed with.",
    "tls": "Make a certificate authority of your own and a server certificate.",
    "networks": "Let everybody in again where a list of networks locks them out.",
    "people": "Let somebody who lost every second factor set up a new one.",
    "simulate": "Live through days in which everything goes wrong, and look for lost money.",
    "bench": "Measure how fast this machine is.",
    "explain": "Say what a code like CF-3104 means.",
    "version": "Print the version.",
}


class _Lazy(click.Group):
    """Imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        """The names, in the order of a first day."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's shape
        """The command of that name; each stands in a file of its own under its own name."""
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"counterfoil.doors.cli.{cmd_name}"), cmd_name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run it; a program that asked wrongly, with --json, is told on one line of stdout too."""
        for_programs = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not for_programs:
                raise
            from counterfoil.doors.cli.speaking import say_refusal  # noqa: PLC0415 - only here
            from counterfoil.doors.faults import ASKED_WRONGLY  # noqa: PLC0415

            say_refusal(ASKED_WRONGLY(why=error.format_message()))
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of --help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Counterfoil 存根: take payments, undo them, and prove what happened.

    Start with `counterfoil demo`. Every command has --help and, for programs, --json: one line on stdout.
    """
