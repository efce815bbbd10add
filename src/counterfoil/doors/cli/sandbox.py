"""``counterfoil sandbox <provider>``: a provider's stand-in by itself. Which there are is read from the manifests."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.providers import Manifest, Sandbox


class _Sandboxes(click.Group):
    """A command for each provider that has a sandbox."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        """Their ids."""
        return sorted(_manifests())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's shape
        """The command of one."""
        manifest = _manifests().get(cmd_name)
        return None if manifest is None else _command(manifest)


@click.group(cls=_Sandboxes)
def sandbox() -> None:
    """Run a provider's sandbox by itself, on loopback: it speaks the provider's protocol and keeps books of its own."""


def _manifests() -> dict[str, Manifest]:
    from counterfoil.providers import scan  # noqa: PLC0415 - after --help

    return {name: manifest for name, manifest in scan().items() if manifest.sandbox}


def _command(manifest: Manifest) -> click.Command:
    help_text = (
        f"{manifest.name_en}'s sandbox ({manifest.name_zh}). Some amounts make it decline, answer late and so on.\n\n"
        "It prints the section [providers.<account>] for the settings of a server that is to use it, and those "
        "amounts. Ctrl-C or SIGTERM ends it; its books are kept in the folder."
    )

    @click.command(manifest.id, help=help_text)
    @click.option(
        "--port", type=click.IntRange(0, 65535), default=8461, show_default=True, help="Port; 0 takes a free one."
    )
    @click.option(
        "--data",
        type=click.Path(path_type=Path),
        default=Path(f"sandbox-{manifest.id}"),
        show_default=True,
        help="Folder of its books and throw-away keys.",
    )
    @json_option
    @lang_option
    def command(port: int, data: Path, *, as_json: bool, lang: str | None) -> None:
        with telling_faults(lang, as_json=as_json):
            from counterfoil.doors.listening import bind, run_until_told  # noqa: PLC0415 - after --help

            # Found out here, where it can be told; the sandbox then opens the port for itself.
            with bind("127.0.0.1", port) as probe:
                port = probe.getsockname()[1]
            run_until_told(lambda: _serve(manifest, data, port, as_json=as_json, lang=lang))

    return command


async def _serve(manifest: Manifest, data: Path, port: int, *, as_json: bool, lang: str | None) -> None:
    from counterfoil.basis import SystemClock, SystemEntropy  # noqa: PLC0415 - after --help
    from counterfoil.providers import sandbox_of  # noqa: PLC0415

    opening = sandbox_of(manifest).open_sandbox(data, clock=SystemClock(), entropy=SystemEntropy(), port=port)
    async with opening as opened:
        if as_json:
            urls = {f"sandbox_{manifest.id}": opened.url}
            say_json(
                {"ready": True, "urls": urls, "settings": dict(opened.settings), "server": {"loopback_sandboxes": True}}
            )
        else:
            _say(manifest, opened, chinese=language(lang) == "zh-CN")
        await asyncio.Event().wait()


def _say(manifest: Manifest, opened: Sandbox, *, chinese: bool) -> None:
    """Where it answers, the settings that reach it, the amounts that play a trick."""
    from counterfoil.basis import Money  # noqa: PLC0415 - after --help
    from counterfoil.providers import sandbox_of  # noqa: PLC0415

    click.echo(f"{manifest.name_zh}沙箱：{opened.url}" if chinese else f"{manifest.name_en}'s sandbox: {opened.url}")
    click.echo(f"\n[server]\nloopback_sandboxes = true\n\n[providers.{manifest.id}]")
    for name, value in opened.settings.items():
        click.echo(f'{name} = "{value}"')
    click.echo("")
    for row in sandbox_of(manifest).AMOUNTS:
        click.echo(f"{Money(row.amount_minor)}  {row.zh if chinese else row.en}")
