"""``serve --processes N``: begun together, ended together, nobody left behind, and refused where it cannot be."""

from __future__ import annotations

import json
import os
import select
import signal
from pathlib import Path

import httpx
import pytest

from counterfoil.basis import ONE_PROCESS_ONLY
from tests.doors.cli.conftest import END_SECONDS, READY_SECONDS, begin, start
from tests.resilience.trading import children

LOOKS_MAX = 400
ZH = ("--lang", "zh-CN")
PASSWORD = "pw-nobody-may-see"
NOWHERE = "postgresql://postgres@127.0.0.1:1/shop"


@pytest.fixture
def config(tmp_path, postgres_address) -> Path:
    written = tmp_path / "counterfoil.toml"
    written.write_text(f'[database]\naddress = "{postgres_address}"\n')
    return written


def together(tmp_path, config, count=2):
    return start("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--processes", str(count))


def get(running, path):
    return httpx.get(running.told["urls"]["till"].replace("/till", path), trust_env=False)


def test_they_serve_one_port_say_how_many_they_are_and_end_together(tmp_path, config):
    running = together(tmp_path, config)
    assert running.told["processes"] == 2
    ours = children(running.process.pid).values()
    assert len(ours) == 2
    answered = set()
    for _ in range(LOOKS_MAX):
        answered.add(get(running, "/metrics").text.partition('process="')[2][0])
        if len(answered) == 2:
            break
    assert answered == {"1", "2"}
    assert get(running, "/readyz").json()["ready"]
    code, out, err = running.end()
    assert (code, out) == (0, "")
    assert "process." not in err
    assert all(ended(pid) for pid in ours)


def test_nobody_is_left_behind_where_the_first_is_killed(tmp_path, config):
    running = together(tmp_path, config)
    ours = children(running.process.pid).values()
    # What they share says that all are gone: the pipe ends with the last who holds it.
    running.end(signal.SIGKILL)
    assert all(ended(pid) for pid in ours)


@pytest.mark.parametrize("way", ["option", "settings"])
def test_several_on_a_sqlite_file_are_refused_before_anything_is_made(run, tmp_path, way):
    config = tmp_path / "counterfoil.toml"
    config.write_text("[server]\nprocesses = 3\n" if way == "settings" else "")
    option = ["--processes", "3"] if way == "option" else []
    told = run("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--port", "0", *option, *ZH)
    assert told.exit_code == 2
    assert ONE_PROCESS_ONLY.zh.do in told.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("count", ["0", "-1", "65", "many"])
def test_no_number_of_processes_that_makes_no_sense_is_taken(run, tmp_path, count):
    told = run("serve", "--data", str(tmp_path / "data"), "--port", "0", "--processes", count, "--json")
    assert (told.exit_code, json.loads(told.stdout)["code"]) == (2, "CF-1043")


def test_what_stands_against_a_start_is_said_once(run, tmp_path):
    config = tmp_path / "counterfoil.toml"
    config.write_text('[database]\naddress = "postgresql://somebody@127.0.0.1:1/shop"\n')
    asked = ("--data", str(tmp_path / "data"), "--config", str(config), "--port", "0", "--processes", "2", "--json")
    told = run("serve", *asked)
    assert told.exit_code == 2
    assert told.stdout.count("\n") == 1
    assert json.loads(told.stdout)["code"] == "CF-6104"


def ended(pid):
    """Whether that process ends; the kernel closes what it held a moment before."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], END_SECONDS)[0])
    finally:
        os.close(handle)


def with_password(address):
    """The same database, where nobody is asked for a password; and the one that is sent nevertheless."""
    return address.replace("postgres@", f"postgres:{PASSWORD}@")


@pytest.mark.parametrize("count", [1, 2])
def test_the_database_of_the_option_wins_over_file_and_environment_in_every_process(tmp_path, postgres_address, count):
    elsewhere = tmp_path / "counterfoil.toml"
    elsewhere.write_text(f'[database]\naddress = "{NOWHERE}"\n')
    named = ("--config", str(elsewhere), "--database", with_password(postgres_address), "--processes", str(count))
    running = start("serve", "--data", str(tmp_path / "data"), *named, COUNTERFOIL_DATABASE__ADDRESS=NOWHERE)
    assert get(running, "/readyz").json()["ready"]
    ours = children(running.process.pid).values()
    shown = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in ours]
    code, out, err = running.end()
    assert code == 0
    assert len(shown) == (0 if count == 1 else count)
    assert not [each for each in shown if b"--database" in each or PASSWORD.encode() in each]
    assert PASSWORD not in json.dumps(running.told) + out + err
    assert not (tmp_path / "data" / "counterfoil.db").exists()
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert not kept


def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path):
    option = ("--database", with_password(NOWHERE), "--processes", "2")
    process = begin("serve", "--data", str(tmp_path / "data"), *option)
    out, err = process.communicate(timeout=READY_SECONDS)
    assert (process.returncode, json.loads(out)["code"]) == (2, "CF-6104")
    assert PASSWORD not in out + err


@pytest.mark.parametrize(
    "address",
    [f"mysql://shop:{PASSWORD}@127.0.0.1/shop", f"shop:{PASSWORD}@127.0.0.1", f"  {PASSWORD}", "", "sqlite:"],
)
def test_an_address_that_names_no_database_is_refused_without_showing_it(run, tmp_path, address):
    told = run("serve", "--data", str(tmp_path / "data"), "--port", "0", "--database", address, "--json")
    assert (told.exit_code, json.loads(told.stdout)["code"]) == (2, "CF-6004")
    assert PASSWORD not in told.stdout + told.stderr


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://shop:{PASSWORD}@127.0.0.1:notaport/shop",
        f"postgresql://shop:{PASSWORD}@127.0.0.1:99999/shop",
        f"postgresql://shop:{PASSWORD}@[::1/shop",
        f"postgresql://shop:{PASSWORD}@127.0.0.1:1/shop?sslmode=perhaps",
        f"postgresql://shop:{PASSWORD}@a℀b/shop",
    ],
)
def test_an_address_that_is_written_wrongly_is_a_refusal_of_the_catalogue_without_its_password(run, tmp_path, address):
    told = run("serve", "--data", str(tmp_path / "data"), "--port", "0", "--database", address, "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["code"].startswith("CF-6")
    assert PASSWORD not in told.stdout + told.stderr
