"""``counterfoil serve``: the server."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import click

from counterfoil.basis import OPEN_WITHOUT_TLS, Settings, only_here, read_settings
from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="Data folder.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings, a TOML file.")
@click.option("--host", help="Address to listen on.  [default: from the settings, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.  [default: settings, else 8460]")
@click.option("--host-port", type=click.IntRange(0, 65535), help="Accepted and kept free: nothing listens on it yet.")
@click.option(
    "--i-know", is_flag=True, help="Listen where others can reach it, without TLS: passwords cross the network."
)
@json_option
@lang_option
def serve(
    data: Path,
    config: Path | None,
    host: str | None,
    port: int | None,
    *,
    host_port: int | None,  # noqa: ARG001 - accepted from the first day
    i_know: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Run the server on a data folder: the till at /till, the API at /api/v1, its reference at /api/docs.

    Settings come from the file, then from the environment (COUNTERFOIL_SERVER__PORT and so on), then from the options.
    Keys are made at the first start in the folder <data>.keys; keep a copy of it elsewhere. Ctrl-C or SIGTERM ends it:
    no new request is taken, calls under way end, and payments still open are finished at the next start.
    """
    with telling_faults(lang, as_json=as_json):
        from counterfoil.doors.listening import address_of, bind, run_until_told  # noqa: PLC0415 - after --help

        settings = read_settings(config, os.environ)
        host = host or settings.server.host
        if not i_know and not only_here(host):
            raise OPEN_WITHOUT_TLS(host=host)
        with bind(host, settings.server.port if port is None else port) as bound:
            address = address_of(bound)
            run_until_told(lambda: _serve(data, settings, bound, lambda: _say(address, lang, as_json=as_json)))


def _say(address: str, lang: str | None, *, as_json: bool) -> None:
    if as_json:
        say_json({"ready": True, "urls": {"till": f"{address}/till", "api": f"{address}/api/v1"}})
    elif language(lang) == "zh-CN":
        click.echo(f"已启动：{address}/till  （Ctrl-C 结束）")
    else:
        click.echo(f"Running: {address}/till  (Ctrl-C ends it)")


async def _serve(data: Path, settings: Settings, bound: socket.socket, ready: Callable[[], None]) -> None:
    from counterfoil.app import open_app  # noqa: PLC0415 - after --help
    from counterfoil.doors.listening import listening_on  # noqa: PLC0415
    from counterfoil.doors.worker import working  # noqa: PLC0415

    async with open_app(data, settings) as app, working(app), listening_on(app, bound, sys.stderr) as serving:
        ready()
        await serving
