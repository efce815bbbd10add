"""``counterfoil sandbox <provider>``: a provider's stand-in by itself. Which there are is read from the manifests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.providers import Manifest, Sandbox


@dataclass(frozen=True, slots=True)
class _Tls:
    """Where to answer over TLS, and the names beside this machine's."""

    port: int
    names: tuple[str, ...]


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
    @click.option(
        "--tls-port",
        type=click.IntRange(0, 65535),
        help="Answer over TLS at this port too, for clients that insist on https; 0 takes a free one.",
    )
    @click.option("--tls-name", multiple=True, help="A further host name for its certificate. May be given repeatedly.")
    @json_option
    @lang_option
    def command(
        port: int,
        data: Path,
        tls_port: int | None,
        tls_name: tuple[str, ...],
        *,
        as_json: bool,
        lang: str | None,
    ) -> None:
        with telling_faults(lang, as_json=as_json):
            from counterfoil.doors.listening import bind, run_until_told  # noqa: PLC0415 - after --help

            # Found out here, where it can be told; the sandbox then opens the port for itself.
            with bind("127.0.0.1", port) as probe:
                port = probe.getsockname()[1]
            tls = None
            if tls_port is not None:
                with bind("127.0.0.1", tls_port) as probe:
                    tls = _Tls(probe.getsockname()[1], tls_name)
            run_until_told(lambda: _serve(manifest, data, port, tls, as_json=as_json, lang=lang))

    return command


async def _serve(
    manifest: Manifest, data: Path, port: int, tls: _Tls | None, *, as_json: bool, lang: str | None
) -> None:
    from counterfoil.basis import SystemClock, SystemEntropy  # noqa: PLC0415 - after --help
    from counterfoil.doors.certificates import make_certificates  # noqa: PLC0415
    from counterfoil.providers import sandbox_of, tls_front  # noqa: PLC0415

    clock, entropy = SystemClock(), SystemEntropy()
    async with AsyncExitStack() as opening:
        opened = await opening.enter_async_context(
            sandbox_of(manifest).open_sandbox(data, clock=clock, entropy=entropy, port=port)
        )
        front: dict[str, str] = {}
        if tls is not None:
            made = make_certificates(data / "tls", ["127.0.0.1", "localhost", *tls.names], clock.now())
            url = await opening.enter_async_context(tls_front(opened.url, made.certificate, made.key, port=tls.port))
            front = {"url": url, "trust": str(made.authority.resolve())}
        if as_json:
            urls = {f"sandbox_{manifest.id}": opened.url}
            say_json(
                {
                    "ready": True,
                    "urls": urls,
                    "settings": dict(opened.settings),
                    "server": {"loopback_sandboxes": True},
                    **({"tls": front} if front else {}),
                }
            )
        else:
            _say(manifest, opened, front, chinese=language(lang) == "zh-CN")
        await asyncio.Event().wait()


def _say(manifest: Manifest, opened: Sandbox, front: Mapping[str, str], *, chinese: bool) -> None:
    """Where it answers, over TLS too, the settings that reach it, the amounts that play a trick."""
    from counterfoil.basis import Money  # noqa: PLC0415 - after --help
    from counterfoil.providers import sandbox_of  # noqa: PLC0415

    click.echo(f"{manifest.name_zh}沙箱：{opened.url}" if chinese else f"{manifest.name_en}'s sandbox: {opened.url}")
    if front:
        words = "TLS：{url}，客户端须信任 {trust}" if chinese else "Over TLS: {url}; a client must trust {trust}"
        click.echo(words.format(**front))
    click.echo(f"\n[server]\nloopback_sandboxes = true\n\n[providers.{manifest.id}]")
    for name, value in opened.settings.items():
        click.echo(f'{name} = "{value}"')
    click.echo("")
    for row in sandbox_of(manifest).AMOUNTS:
        click.echo(f"{Money(row.amount_minor)}  {row.zh if chinese else row.en}")
