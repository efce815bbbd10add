"""``counterfoil explain CODE``: what a code on a screen or in a log means, in both languages."""

from __future__ import annotations

import sys

import click
import msgspec

from counterfoil.basis import FaultKind, Words


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def explain(code: str | None, *, as_json: bool) -> None:
    """Say what CODE (CF-3104, or just 3104) means: what happened, what it means for the money, what to do.

    Without CODE, list them all. Words in braces are filled in where the fault happens.
    """
    # Here, because gathering the catalogue imports every area.
    from counterfoil.support import catalogue, near, normal  # noqa: PLC0415

    kinds = catalogue()
    if code is None:
        _print_all(list(kinds.values()), as_json=as_json)
        return
    kind = kinds.get(normal(code))
    if kind is None:
        _print_unknown(code, near(code, kinds), as_json=as_json)
        sys.exit(1)
    click.echo(_line(_plain(kind)) if as_json else _told(kind))


def _print_all(kinds: list[FaultKind], *, as_json: bool) -> None:
    if as_json:
        click.echo(_line({"faults": [_plain(kind) for kind in kinds]}))
        return
    for kind in kinds:
        click.echo(f"{kind.code}  {kind.zh.what} | {kind.en.what}")


def _print_unknown(code: str, alike: list[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(_line({"unknown": code, "near": alike}))
        return
    click.echo(f"没有编号 {code} | There is no code {code}", err=True)
    if alike:
        click.echo(f"相近的编号 | Codes like it: {', '.join(alike)}", err=True)


def _plain(kind: FaultKind) -> dict[str, object]:
    return {
        "code": kind.code,
        "class": kind.cls.__name__,
        "status": kind.status,
        "retry_after_seconds": kind.retry_after_seconds,
        "zh-CN": _parts(kind.zh),
        "en": _parts(kind.en),
    }


def _parts(words: Words) -> dict[str, str]:
    return {"what": words.what, "money": words.money, "do": words.do}


def _told(kind: FaultKind) -> str:
    return "\n".join(
        (
            f"{kind.code} · {kind.cls.__name__} · HTTP {kind.status}",
            "",
            f"发生了什么   {kind.zh.what}",
            f"钱的情况     {kind.zh.money}",
            f"现在怎么做   {kind.zh.do}",
            "",
            f"What happened   {kind.en.what}",
            f"The money       {kind.en.money}",
            f"What to do now  {kind.en.do}",
        )
    )


def _line(value: object) -> str:
    return msgspec.json.encode(value).decode()
