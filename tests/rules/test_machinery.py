"""The commands the README promises, the locks behind them, and CI's script are what they say."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from shutil import which

from tests.rules.source import ROOT

RUN, TEST = ((ROOT / "requirements" / f"{name}.txt").read_text("utf-8") for name in ("run", "test"))
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(.*?)(?=^[a-z0-9-]+==|\Z)", re.MULTILINE | re.DOTALL)


def unhashed(lock: str) -> list[str]:
    return [name for name, _, rest in _PIN.findall(lock) if "--hash=sha256:" not in rest]


def pins(lock: str) -> dict[str, str]:
    return {name: version for name, version, _ in _PIN.findall(lock)}


def left_out_of_ci(script: str) -> list[str]:
    """What a CI script must do and does not, and what would hide a failure."""
    lines = [line.strip() for line in script.splitlines() if not line.strip().startswith("#")]
    code = "\n".join(lines)
    needed = ("./counterfoil test", "ruff check", "ruff format --check", "mypy", "set -euo pipefail")
    found = [f"does not call {word}" for word in needed if word not in code]
    return found + [f"hides a failure: {line}" for line in lines if "|| true" in line or "--exit-zero" in line]


def test_ci_runs_the_readmes_command_lint_and_types():
    assert left_out_of_ci((ROOT / ".ci/run").read_text("utf-8")) == []


def test_a_ci_script_that_leaves_something_out_is_found():
    assert left_out_of_ci("set -euo pipefail\n# ./counterfoil test\nruff check\nruff format --check\nmypy")
    good = "set -euo pipefail\n./counterfoil test\nruff check\nruff format --check\nmypy"
    assert left_out_of_ci(good) == []
    assert left_out_of_ci(good + " || true")


def test_every_pin_of_the_locks_has_its_hashes():
    assert unhashed(RUN) + unhashed(TEST) == []
    assert unhashed("a==1 \\\n    --hash=sha256:00\nb==2\n") == ["b"]


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for lock, asked in ((RUN, project["dependencies"]), (TEST, project["optional-dependencies"]["test"])):
        assert {re.split(r"[<>=!~\[ ]", each)[0] for each in asked} - pins(lock).keys() == set()


def test_the_test_lock_agrees_with_the_run_lock():
    run, test = pins(RUN), pins(TEST)
    assert {name: test[name] for name in run.keys() & test.keys()} == {
        name: run[name] for name in run.keys() & test.keys()
    }


def test_uvloop_stays_where_it_was_measured_best():
    assert pins(RUN)["uvloop"] == "0.22.1"


def test_the_program_can_be_started_from_anywhere_through_a_link(tmp_path):
    link = tmp_path / "cf"
    link.symlink_to(ROOT / "counterfoil")
    if not (ROOT / ".venv/run.stamp").exists() and not (ROOT / ".venv/test.stamp").exists():
        # Not set up through ./counterfoil: then only its reading of the script is looked at.
        assert subprocess.run(["sh", "-n", str(link)], check=False).returncode == 0
        return
    done = subprocess.run([str(link), "version", "--json"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert '"counterfoil"' in done.stdout


def test_a_missing_or_old_python_is_said_in_both_languages(tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "cat", "cmp", "dirname", "readlink", "mkdir", "rm"):
        (tools / tool).symlink_to(which(tool))
    old = tools / "python3"
    old.write_text('#!/bin/sh\necho "3.9 no /nowhere"\n', "utf-8")
    old.chmod(0o755)
    copy = tmp_path / "checkout"
    (copy / "requirements").mkdir(parents=True)
    (copy / "requirements/run.txt").write_text(RUN, "utf-8")
    (copy / "counterfoil").write_text((ROOT / "counterfoil").read_text("utf-8"), "utf-8")
    env = {**os.environ, "PATH": str(tools)}
    done = subprocess.run(
        ["sh", str(copy / "counterfoil"), "demo"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "需要 Python 3.11" in done.stderr
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "python3=3.9" in done.stderr
    assert sorted(path.name for path in copy.iterdir()) == ["counterfoil", "requirements"]
