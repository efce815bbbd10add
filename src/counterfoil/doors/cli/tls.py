"""``counterfoil tls init``: a certificate authority of one's own and a server certificate for the names tills use."""

from __future__ import annotations

from pathlib import Path

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults


@click.group()
def tls() -> None:
    """Encrypt what tills and offices send; passkeys, enrolled terminals and shared networks need it."""


@tls.command()
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("tls"), show_default=True, help="Where the files go."
)
@json_option
@lang_option
def init(names: tuple[str, ...], folder: Path, *, as_json: bool, lang: str | None) -> None:
    """Make a server certificate for NAMES (host names and IP addresses) that lasts 397 days.

    The authority that signs it is made in the same folder at the first call and used again at the next, so that a
    certificate is renewed by the same command and tills that trust the authority go on trusting. A running server
    takes the new one by itself within a minute.
    """
    with telling_faults(lang, as_json=as_json):
        # After --help.
        from counterfoil.basis import SystemClock  # noqa: PLC0415
        from counterfoil.doors.certificates import make_certificates  # noqa: PLC0415

        made = make_certificates(folder, names, SystemClock().now())
        if as_json:
            say_json(
                {
                    "authority": str(made.authority),
                    "authority_made": made.authority_made,
                    "certificate": str(made.certificate),
                    "certificate_key": str(made.key),
                    "sha256": made.sha256,
                    "until": made.until,
                }
            )
            return
        lines = _ZH if language(lang) == "zh-CN" else _EN
        for line in lines:
            click.echo(line.format(made=made))


_ZH = (
    "服务器证书：{made.certificate}（有效期到 {made.until}）",
    "证书机构：{made.authority}，SHA-256 指纹：",
    "  {made.sha256}",
    "",
    "1 写进设置文件：",
    "  [server]",
    '  certificate = "{made.certificate}"',
    '  certificate_key = "{made.key}"',
    "2 把 {made.authority} 装到每台收银设备，装时核对指纹。装法见 docs/guide/tls.zh-CN.md",
    "3 机构的密钥 {made.authority_key} 另外保管，不要留在服务器上；续期时再放回来",
)
_EN = (
    "Server certificate: {made.certificate} (until {made.until})",
    "Certificate authority: {made.authority}, SHA-256 fingerprint:",
    "  {made.sha256}",
    "",
    "1 In the settings file:",
    "  [server]",
    '  certificate = "{made.certificate}"',
    '  certificate_key = "{made.key}"',
    "2 Install {made.authority} on each till and compare the fingerprint. How: docs/guide/tls.md",
    "3 Keep the authority's key {made.authority_key} elsewhere, not on the server; put it back to renew",
)
