"""Begin a provider: the template under a name of its own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from counterfoil.basis import insist

_TEMPLATE: Final = "counterfoil.testing.template"
_ID: Final = 'id = "template"'


def new_provider(home: Path, *, package: str, provider: str) -> None:
    """Copy the template into the new folder ``home``, as the package ``package`` with the provider ``provider``.

    Raises FileExistsError where the folder is there already.
    """
    insist(package.replace(".", "_").isidentifier() and provider.isidentifier(), "names a program can say")
    home.mkdir(parents=True)
    for source in files(_TEMPLATE).iterdir():
        if source.is_file():
            text = source.read_text("utf-8").replace(_TEMPLATE, package).replace(_ID, f'id = "{provider}"')
            (home / source.name).write_text(text, "utf-8")
