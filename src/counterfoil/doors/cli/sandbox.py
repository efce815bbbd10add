"""``counterfoil sandbox lakala``: a provider's stand-in by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.providers.lakala.sandbox import SandboxKeys


@click.group()
def sandbox() -> None:
    """Run a provider's sandbox by itself, on loopback: it speaks the provider's protocol and keeps books of its own."""


@sandbox.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8461, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("sandbox-lakala"),
    show_default=True,
    help="Folder of its books and throw-away keys.",
)
@json_option
@lang_option
def lakala(port: int, data: Path, *, as_json: bool, lang: str | None) -> None:
    """Lakala's sandbox. Amounts from 66.01 to 66.26 yuan make it decline, ask for a password, answer late and so on.

    It prints the section [providers.<account>] for the settings of a server that is to use it. POST /_control tells it
    what to do with the next call. Ctrl-C or SIGTERM ends it; its books are kept in the folder.
    """
    with telling_faults(lang, as_json=as_json):
        from counterfoil.doors.listening import bind, run_until_told  # noqa: PLC0415 - after --help

        # Found out here, where it can be told; the sandbox then opens the port for itself.
        with bind("127.0.0.1", port) as probe:
            port = probe.getsockname()[1]
        run_until_told(lambda: _serve(data, port, as_json=as_json, lang=lang))


async def _serve(data: Path, port: int, *, as_json: bool, lang: str | None) -> None:
    from counterfoil.basis import SystemClock, SystemEntropy  # noqa: PLC0415 - after --help
    from counterfoil.providers.lakala.sandbox import make_sandbox_keys, serve_sandbox  # noqa: PLC0415

    clock, entropy = SystemClock(), SystemEntropy()
    keys = make_sandbox_keys(data, clock=clock, entropy=entropy)

    def ready(url: str) -> None:
        section = _section(keys, url)
        if as_json:
            say_json({"ready": True, "urls": {"sandbox_lakala": url}, "settings": section})
            return
        click.echo(f"拉卡拉沙箱：{url}" if language(lang) == "zh-CN" else f"Lakala's sandbox: {url}")
        click.echo("\n[providers.lakala]")
        for name, value in section.items():
            click.echo(f'{name} = "{value}"')

    await serve_sandbox(
        "127.0.0.1",
        port,
        keys=keys,
        state_path=data / "ledger.jsonl",
        clock=clock,
        entropy=entropy,
        ready=ready,
    )


def _section(keys: SandboxKeys, url: str) -> dict[str, str]:
    from counterfoil.providers.lakala.sandbox import APPID, MERCHANT_NO, TERM_NO  # noqa: PLC0415 - after --help

    return {
        "base_url": url,
        "appid": APPID,
        "serial_no": keys.serial_no,
        "merchant_no": MERCHANT_NO,
        "term_no": TERM_NO,
        "private_key": str(keys.merchant_key.resolve()),
        "platform_certs": str(keys.platform_cert.resolve()),
        "request_ip": "127.0.0.1",
    }
