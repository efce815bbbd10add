"""The demonstration starts, says how to get in, ends cleanly and goes on where it was."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import stat
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from counterfoil.basis import PORT_TAKEN, only_here
from tests.doors.cli.conftest import begin, start


def get(told, path, **query):
    headers = {"Authorization": f"Bearer {told['api_key']}"}
    return httpx.get(told["urls"]["api"] + path, headers=headers, params=query, trust_env=False)


def at(kept, where):
    return [each for each in kept.told["sign_ins"] if each["where"] == where]


def test_the_line_says_all_that_is_needed(kept):
    told = kept.told
    assert told.keys() == {"ready", "urls", "merchant", "shops", "terminals", "sign_ins", "api_key"}
    assert told["ready"] is True
    assert told["urls"].keys() == {"till", "office", "api", "sandbox_lakala", "sandbox_shouqianba"}
    assert told["merchant"] == {"id": 1}
    assert [shop["name"] for shop in told["shops"]] == ["社区便利店", "家常菜馆", "女装店"]
    places = [[each["shop_id"] for each in told["terminals"]].count(shop["id"]) for shop in told["shops"]]
    assert places == [4, 5, 3]
    assert all(each.keys() == {"where", "terminal", "operator", "password", "role"} for each in at(kept, "till"))
    assert all(each.keys() == {"where", "operator", "password", "role"} for each in at(kept, "office"))


def test_a_cashier_and_a_supervisor_can_sign_in_at_each_shop(kept):
    numbers = {each["number"]: each["shop_id"] for each in kept.told["terminals"]}
    who = {(numbers[each["terminal"]], each["role"]) for each in at(kept, "till")}
    for shop in kept.told["shops"]:
        assert {(shop["id"], "cashier"), (shop["id"], "supervisor")} <= who
    assert len({each["password"] for each in at(kept, "till")}) == len(at(kept, "till"))
    assert {each["role"] for each in at(kept, "office")} == {"supervisor", "administrator"}


def test_sigterm_ends_it_with_0_and_nothing_more_is_said(kept):
    code, out, err = kept.ended
    assert (code, out) == (0, "")
    assert "Traceback" not in err


def test_passwords_are_for_the_owner_only(kept):
    assert stat.S_IMODE((kept.folder / "demonstration.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700


def test_a_second_start_goes_on_where_it_was(kept, copy):
    running = start("demo", "--data", str(copy))
    try:
        assert {**running.told, "urls": None} == {**kept.told, "urls": None}
        newest = get(running.told, "/payments", limit=5).json()["items"]
        assert len(newest) == 5
        known = newest[-1]["id"]
        assert get(running.told, f"/payments/{known}").json()["id"] == known
        assert get(running.told, f"/payments/{known}/proof").status_code == 200
        assert httpx.get(running.told["urls"]["till"], follow_redirects=True, trust_env=False).status_code == 200
        again = start_fails("demo", "--data", str(copy))
        assert again["code"] == "CF-6001"
    finally:
        code, _, _ = running.end(signal.SIGINT)
    assert code == 0


def test_who_waits_when_it_is_stopped_is_told_that_the_payment_is_open(copy):
    running = start("demo", "--data", str(copy))
    asked = {
        "id": "0f0b8a36-5d1c-4c0e-8f5e-6a3d7b1c2e4f",
        "shop_id": running.told["shops"][0]["id"],
        "terminal_id": running.told["terminals"][0]["id"],
        "method": "qr",
        "entry": "consumer_code",
        "amount_minor": 6605,  # the customer is asked for a password, which never comes
        "currency": "CNY",
        "auth_code": "134567890123456789",
    }
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(post, running.told, "/payments", asked)
        while get(running.told, f"/payments/{asked['id']}").status_code == 404:
            pass
        code, _, _ = running.end()
        told = answer.result()
    assert (code, told.status_code) == (0, 202)
    assert told.json()["in_flight"]
    after = start("demo", "--data", str(copy))
    try:
        assert get(after.told, f"/payments/{asked['id']}").json()["in_flight"]
    finally:
        after.end()


def post(told, path, body):
    headers = {"Authorization": f"Bearer {told['api_key']}"}
    return httpx.post(told["urls"]["api"] + path, headers=headers, json=body, trust_env=False, timeout=90)


def start_fails(*arguments):
    running = start(*arguments)
    assert running.process.wait(60) == 2
    running.process.communicate()
    return running.told


def test_a_folder_with_something_else_is_refused(run, tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    told = run("demo", "--data", str(tmp_path), "--port", "0", "--lang", "en")
    assert told.exit_code == 2
    assert told.stderr.startswith("CF-7101: ")
    assert told.stderr.count("\n") == 3
    assert [each.name for each in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("words", [["demo"], ["serve"], ["sandbox", "lakala"]], ids=" ".join)
def test_a_port_that_is_taken_is_a_fault(run, tmp_path, words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run(*words, "--data", str(tmp_path / "data"), "--port", str(port), "--lang", "zh-CN")
    assert told.exit_code == 2
    assert PORT_TAKEN.zh.do in told.stderr
    assert not (tmp_path / "data").exists()


def test_serve_runs_and_ends_cleanly(tmp_path):
    running = start("serve", "--data", str(tmp_path / "data"), "--host-port", "4")
    health = httpx.get(running.told["urls"]["till"].replace("/till", "/healthz"), trust_env=False)
    code, out, _ = running.end()
    assert (health.status_code, code, out) == (200, 0, "")


def test_the_sandbox_runs_by_itself_and_says_how_to_reach_it(tmp_path):
    running = start("sandbox", "lakala", "--data", str(tmp_path / "data"))
    section = running.told["settings"]
    ledger = httpx.get(f"{section['base_url']}/_control/ledger", trust_env=False)
    code, out, _ = running.end()
    assert ledger.json() == {"trades": []}
    assert running.told["urls"]["sandbox_lakala"] == section["base_url"]
    assert (code, out) == (0, "")


def test_the_sandbox_answers_over_tls_for_clients_that_want_nothing_else(tmp_path):
    tls = ("--tls-port", "0", "--tls-name", "pay.example")
    running = start("sandbox", "lakala", "--data", str(tmp_path / "data"), *tls)
    front = running.told["tls"]
    trusted = ssl.create_default_context(cafile=front["trust"])
    path = "/sit/api/v3/labs/query/tradequery"
    answer = httpx.post(front["url"] + path, content=b"{}", verify=trusted, trust_env=False)
    code, _, _ = running.end()
    assert (answer.json()["code"], code) == ("BBS11200", 0)
    assert front["url"].startswith("https://127.0.0.1:")


@pytest.mark.parametrize("words", [["demo"], ["serve"], ["sandbox", "lakala"]], ids=" ".join)
def test_a_folder_that_cannot_be_made_is_a_fault(run, tmp_path, words):
    (tmp_path / "file").write_text("in the way")
    told = run(*words, "--data", str(tmp_path / "file" / "data"), "--port", "0", "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["code"] == "CF-7004"


def test_stopped_while_it_is_being_made_it_ends_cleanly(tmp_path):
    process = begin("demo", "--data", str(tmp_path / "data"))
    while not (tmp_path / "data" / "sandbox" / "ledger.jsonl").exists():
        assert process.poll() is None
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_settings_that_are_wrong_are_a_fault(run, tmp_path):
    config = tmp_path / "counterfoil.toml"
    config.write_text("[server]\nprot = 1\n")
    told = run("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["code"] == "CF-7001"


def test_a_port_of_a_name_that_leads_nowhere_says_so(run, tmp_path):
    told = run(
        "serve", "--data", str(tmp_path / "data"), "--host", "nowhere.invalid", "--i-know", "--port", "0", "--json"
    )
    assert told.exit_code == 2
    assert "Unknown error" not in json.loads(told.stdout)["what"]


def damaged(folder):
    """A page in the middle is noise."""
    with (folder / "counterfoil.db").open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * 200_000)


def replaced(folder):
    """Something short that never was a database."""
    (folder / "counterfoil.db").write_text("hello")


def foreign(folder):
    """Something long that never was a database."""
    (folder / "counterfoil.db").write_bytes(b"hello " * 10_000)


@pytest.mark.parametrize("damage", [damaged, replaced, foreign])
@pytest.mark.parametrize("words", [["demo", "--port", "0"], ["serve", "--port", "0"], ["verify"]], ids=lambda w: w[0])
def test_a_data_file_that_is_none_is_a_fault(run, copy, words, damage):
    for name in ("counterfoil.db-wal", "counterfoil.db-shm"):
        (copy / name).unlink(missing_ok=True)
    damage(copy)
    told = run(*words, "--data", str(copy), "--json")
    assert told.exit_code == 2, told.exception
    assert told.stdout.count("\n") == 1
    assert json.loads(told.stdout)["code"] in ("CF-6203", "CF-6006")
    assert "Traceback" not in told.stderr


def test_a_database_that_does_not_answer_is_called_one(run, tmp_path):
    config = tmp_path / "counterfoil.toml"
    config.write_text('[database]\naddress = "postgresql://somebody:canary@127.0.0.1:1/shop"\n')
    told = run("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--port", "0", "--json")
    assert json.loads(told.stdout)["code"] == "CF-6104"
    assert "canary" not in told.output


def test_a_database_that_is_not_there_ends_without_a_traceback(run, tmp_path, postgres):
    config = tmp_path / "counterfoil.toml"
    config.write_text(f'[database]\naddress = "{postgres.address("never_made")}"\n')
    told = run("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--port", "0", "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["code"].startswith("CF-")
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["verify"], ["demo", "--port", "99999"], ["serve", "--wrong"], ["sandbox", "lakala", "--port", "x"]],
    ids=" ".join,
)
def test_what_is_asked_wrongly_is_one_line_of_json_too(run, words):
    told = run(*words, "--json")
    assert told.exit_code == 2
    assert told.stdout.count("\n") == 1
    assert json.loads(told.stdout)["code"] == "CF-1043"
    assert run(*words).stdout == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "till.example", ""])  # noqa: S104 - what is refused
def test_an_address_others_can_reach_needs_the_word(run, tmp_path, host):
    config = tmp_path / "counterfoil.toml"
    config.write_text(f'[server]\nhost = "{host}"\n')
    told = run("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--port", "0", "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["code"] == "CF-7005"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_this_machine_alone_can_reach_its_own_addresses(host):
    assert only_here(host)


def test_with_the_word_it_listens_where_others_reach_it(tmp_path):
    running = start("serve", "--data", str(tmp_path / "data"), "--host", "0.0.0.0", "--i-know")  # noqa: S104 - on purpose
    code, _, _ = running.end()
    assert code == 0


def test_in_a_folder_that_others_may_enter_the_data_is_still_the_owners(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    start("serve", "--data", str(folder)).end()
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert folder / "counterfoil.db" in files
    assert [each.name for each in files if stat.S_IMODE(each.stat().st_mode) & 0o077] == []
