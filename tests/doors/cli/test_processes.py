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
from tests.doors.cli.conftest import start
from tests.resilience.trading import children

LOOKS_MAX = 400
END_WAIT_S = 20
ZH = ("--lang", "zh-CN")


@pytest.fixture
def config(tmp_path, empty_address) -> Path:
    written = tmp_path / "counterfoil.toml"
    written.write_text(f'[database]\naddress = "{empty_address}"\n')
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
    assert not [pid for pid in ours if lives(pid)]


def test_nobody_is_left_behind_where_the_first_is_killed(tmp_path, config):
    running = together(tmp_path, config)
    ours = [os.pidfd_open(pid) for pid in children(running.process.pid).values()]
    running.end(signal.SIGKILL)
    try:
        assert not [each for each in ours if not ends(each)]
    finally:
        for each in ours:
            os.close(each)


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


def ends(process):
    """Whether the process behind that descriptor ends in time; the kernel says so, whosever child it is."""
    return bool(select.select([process], [], [], END_WAIT_S)[0])


def lives(pid):
    """Whether that process runs; one that ended and whose parent is gone is soon nothing at all."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_database_of_the_option_is_that_of_every_process_and_stands_in_no_argument_of_theirs(
    tmp_path, empty_address
):
    elsewhere = tmp_path / "counterfoil.toml"
    elsewhere.write_text('[database]\naddress = "postgresql://somebody@127.0.0.1:1/shop"\n')
    option = ("--config", str(elsewhere), "--database", empty_address)
    running = start("serve", "--data", str(tmp_path / "data"), *option, "--processes", "2")
    assert get(running, "/readyz").json()["ready"]
    ours = children(running.process.pid).values()
    shown = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in ours]
    assert len(shown) == 2
    assert not [each for each in shown if empty_address.encode() in each]
    assert running.end()[0] == 0
    assert not (tmp_path / "data" / "counterfoil.db").exists()


@pytest.mark.parametrize("address", ["mysql://somebody@127.0.0.1/shop", "shop", "", "sqlite:"])
def test_an_address_that_names_no_database_is_refused_without_showing_it(run, tmp_path, address):
    told = run("serve", "--data", str(tmp_path / "data"), "--port", "0", "--database", address, "--json")
    assert (told.exit_code, json.loads(told.stdout)["code"]) == (2, "CF-6004")
    assert "somebody" not in told.stdout + told.stderr
