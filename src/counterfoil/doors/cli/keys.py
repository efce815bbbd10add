"""``counterfoil keys rotate``: a new key for what is sealed; the old ones go on opening."""

from __future__ import annotations

import os
from pathlib import Path

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults


@click.group()
def keys() -> None:
    """The keys that providers' settings are sealed with. They lie outside the data folder; back them up apart."""


@keys.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Data folder.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")
@json_option
@lang_option
def rotate(data: Path, config: Path | None, *, as_json: bool, lang: str | None) -> None:
    """Add a new key to the key file. From the next start on it seals, and what older keys sealed is sealed anew.

    The older lines of the file open until then; take them out after that start, not before.
    """
    with telling_faults(lang, as_json=as_json):
        # After --help.
        from counterfoil.basis import SystemEntropy, add_key, read_settings  # noqa: PLC0415

        path = read_settings(config, os.environ).seal_file(data)
        add_key(path, SystemEntropy())
        if as_json:
            say_json({"rotated": True, "file": str(path)})
        elif language(lang) == "zh-CN":
            click.echo(f"已加入新密钥：{path}。请备份这个文件，再重新启动；启动后旧密钥可以删去")
        else:
            click.echo(f"A new key stands in {path}. Back the file up and start again; then the old keys may go")
