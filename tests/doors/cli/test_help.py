"""Every command explains itself, quickly, and speaks JSON where it was asked to."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.doors.cli.conftest import command, environment

COMMANDS = [
    ["demo"],
    ["serve"],
    ["sandbox"],
    ["sandbox", "lakala"],
    ["sandbox", "shouqianba"],
    ["verify"],
    ["doctor", "provider"],
    ["keys", "rotate"],
    ["people", "reset-factors"],
    ["explain"],
    ["version"],
]


def test_help_lists_every_command(run):
    told = run("--help")
    assert told.exit_code == 0
    for name, *_ in COMMANDS:
        assert f"  {name} " in told.stdout


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_help(run, words):
    told = run(*words, "--help")
    assert told.exit_code == 0
    assert f"{' '.join(words)} [OPTIONS]" in told.stdout
    assert told.stdout.count("\n") > 4


@pytest.mark.parametrize("words", [each for each in COMMANDS if each != ["sandbox"]], ids=" ".join)
def test_each_command_speaks_json(run, words):
    assert "--json" in run(*words, "--help").stdout


def test_help_imports_no_server():
    asked = "import sys; from counterfoil.doors.cli import main; main(['--help'], standalone_mode=False);"
    checked = "sys.exit(1 if {'uvicorn', 'sqlalchemy', 'starlette', 'rich'} & sys.modules.keys() else 0)"
    done = subprocess.run([sys.executable, "-c", asked + checked], env=environment(), capture_output=True, check=False)
    assert done.returncode == 0


def test_version_is_one_line_of_json():
    done = subprocess.run(command("version", "--json"), env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout).keys() == {"counterfoil", "python"}


def test_an_unknown_command_is_refused(run):
    assert run("nonsense").exit_code == 2
