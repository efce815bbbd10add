"""The demonstration as anybody starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.passkeys import named
from tests.walk.reading import names_in

PAYMENTS: Final = 300
# More attempts at a password than people make: the walk tries a wrong one on purpose, in each look.
_ENDS_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Person:
    """A sign-in that the demonstration named."""

    number: str
    password: str
    terminal: str

    @property
    def email(self) -> str:
        """With what they sign in to the office."""
        return f"{self.number}@example.com"


@dataclass(frozen=True, slots=True)
class Shown:
    """A running demonstration. ``names`` are the words of its people, which no language changes."""

    url: str
    folder: Path
    said: dict[str, Any]

    @property
    def merchant(self) -> int:
        return int(self.said["merchant"]["id"])

    @property
    def names(self) -> tuple[str, ...]:
        return names_in(self.folder / "counterfoil.db")

    def person(self, role: str, at: int = 0) -> Person:
        """The ``at``-th of those with that role at the first shop's first terminal, or in the office."""
        where = "office" if role == "administrator" else "till"
        known = [one for one in self.said["sign_ins"] if one["role"] == role and one["where"] == where]
        one = known[at]
        return Person(one["operator"], one["password"], one.get("terminal", ""))


@contextmanager
def showing(folder: Path, source: Path, payments: int = PAYMENTS) -> Iterator[Shown]:
    """``counterfoil demo`` with the package under ``source``, until the block ends."""
    command = [sys.executable, "-P", "-m", "counterfoil", "demo", "--json", "--port", "0"]
    command += ["--payments", str(payments), "--data", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert running.stdout is not None
    try:
        said = json.loads(running.stdout.readline())
        yield Shown(named(said["urls"]["till"].removesuffix("/till")), folder, said)
    finally:
        running.send_signal(signal.SIGTERM)
        ended = running.wait(_ENDS_SECONDS)
        running.stdout.close()
    assert ended == 0, f"the demonstration ended with {ended}"
