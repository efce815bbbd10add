"""``counterfoil version``."""

from __future__ import annotations

import platform

import click
import msgspec

from counterfoil import __version__


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def version(*, as_json: bool) -> None:
    """Print the version of Counterfoil and of the Python under it."""
    python = platform.python_version()
    if as_json:
        click.echo(msgspec.json.encode({"counterfoil": __version__, "python": python}).decode())
        return
    click.echo(f"counterfoil {__version__} (Python {python})")
