"""One demonstration a session, started as a person would start it; tests that damage it work on a copy."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from counterfoil.doors.cli import main

SOURCE = Path(__file__).parents[3] / "src"
READY_SECONDS = 120
END_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Running:
    """A command that said it is ready."""

    process: subprocess.Popen[str]
    told: dict[str, Any]

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send the signal; the exit code, what else was said on stdout, and stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=END_SECONDS)
        return self.process.returncode, out, err


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTERFOIL_", "LC_", "LANG"))}
    return {**kept, "PYTHONPATH": str(SOURCE), "LANG": "C.UTF-8", **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "counterfoil", *arguments]


def begin(*arguments: str, **named: str) -> subprocess.Popen[str]:
    """Start a command that keeps running, on a free port; ``named`` stands in its environment."""
    return subprocess.Popen(
        command(*arguments, "--port", "0", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**named),
    )


def start(*arguments: str, **named: str) -> Running:
    """The same, once it said that it is ready."""
    process = begin(*arguments, **named)
    line = process.stdout.readline()
    if not line:
        _, err = process.communicate(timeout=READY_SECONDS)
        raise AssertionError(err)
    return Running(process, json.loads(line))


@dataclass(frozen=True, slots=True)
class Kept:
    """A demonstration that ran and was ended: its folder, what it told, how it ended."""

    folder: Path
    told: dict[str, Any]
    ended: tuple[int, str, str]


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The session's demonstration after its first run."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    running = start("demo", "--data", str(folder), "--payments", "2000")
    return Kept(folder, running.told, running.end())


@pytest.fixture
def copy(kept: Kept, tmp_path: Path) -> Path:
    """The demonstration's folder, free to be damaged."""
    folder = tmp_path / "copy"
    shutil.copytree(kept.folder, folder)
    shutil.copytree(kept.folder.with_name("data.keys"), tmp_path / "copy.keys")
    return folder


@pytest.fixture
def run() -> Iterator[Any]:
    """Run a command in this process."""

    def runs(*arguments: str) -> Result:
        return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": None, "LC_MESSAGES": None}).invoke(main, list(arguments))

    return runs
