"""How the commands speak: the language, a fault as three sentences, one line of JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, cast

import click
import msgspec

from counterfoil.basis import CANNOT_BE, FILE_UNUSABLE, Broken, Fault, Language

REFUSED: Final = 2
_WHERE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")

lang_option = click.option(
    "--lang",
    type=click.Choice(["zh-CN", "en"]),
    help="Language of what is said; by default that of the environment (LANG).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One line of JSON on stdout.")


def language(chosen: str | None, environment: Mapping[str, str] = os.environ) -> Language:
    """The chosen language, else the environment's: Chinese where it says so, English otherwise."""
    if chosen:
        return cast("Language", chosen)
    named = next((environment[name] for name in _WHERE if environment.get(name)), "")
    return "zh-CN" if named.lower().startswith("zh") else "en"


def say_json(value: object) -> None:
    """Exactly one line on stdout, out at once."""
    click.echo(msgspec.json.encode(value).decode())
    sys.stdout.flush()


def say_refusal(fault: Fault) -> None:
    """The fault as the one line on stdout, in the environment's language; nothing ends by it."""
    _tell(fault, language(None), as_json=True)


@contextmanager
def telling_faults(chosen: str | None, *, as_json: bool) -> Iterator[None]:
    """Put a fault into words and exit with 2; with ``--json`` the same as the one line on stdout."""
    try:
        yield
    except Fault as fault:
        _tell(fault, language(chosen), as_json=as_json)
        sys.exit(REFUSED)
    except BrokenPipeError:
        raise  # nobody reads any more; click ends quietly
    except OSError as error:
        _tell(_unusable(error), language(chosen), as_json=as_json)
        sys.exit(REFUSED)
    except Exception as error:  # noqa: BLE001 - the last resort catches all there is
        from counterfoil.doors.log import told_by  # noqa: PLC0415 - after --help

        _tell(CANNOT_BE(), language(chosen), as_json=as_json)
        click.echo(" ".join(str(part) for part in told_by(error).values() if part), err=True)
        sys.exit(REFUSED)


def _unusable(error: OSError) -> Fault:
    """A file that cannot be used; without a file it was a connection, and at a start only the database has one."""
    if error.filename is None:
        from counterfoil.store import UNREACHABLE  # noqa: PLC0415 - after --help

        return UNREACHABLE()
    return FILE_UNUSABLE(path=error.filename, why=error.strerror or type(error).__name__)


def _tell(fault: Fault, spoken: Language, *, as_json: bool) -> None:
    told = fault.tell(spoken)
    if as_json:
        say_json({"code": told.code, "what": told.what, "money": told.money, "do": told.do})
        return
    mark = "：" if spoken == "zh-CN" else ": "
    click.echo(f"{told.code}{mark}{told.what}", err=True)
    click.echo(told.money, err=True)
    click.echo(told.do, err=True)
    if isinstance(fault, Broken):
        for note in getattr(fault, "__notes__", ()):
            click.echo(f"({note})", err=True)
