"""Where others can reach it without encryption: the program does not start, or each page says so in red."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.doors.cli.conftest import END_SECONDS, Running, begin, command, environment, start
from tests.doors.till.conftest import chromium, playwright

__all__ = ["chromium", "playwright"]
ANYWHERE = "0.0.0.0"  # noqa: S104 - what the tests are about
SAID = {
    "zh-CN": "没有加密：本页的密码在网络上可能被看到",
    "en": "Not encrypted: passwords on this page can be read along the way",
}
WIRE = {
    "zh-CN": "与数据库的连接没有校验证书：同一线路上的人可能看到数据，或冒充数据库",
    "en": "The connection to the database is not verified: whoever is on that wire can read along and pose as the "
    "database",
}
PASSWORD = "correct horse 12 battery"
PAGES = ("/till/at/1", "/till/help", "/till/at/1/enrol", "/office/at/1", "/office/faults", "/office/at/1/reset")
_LINE = re.compile(r'<aside class="in-the-clear[^>]*>(.*?)</aside>', re.DOTALL)


def own_address() -> str:
    """This machine's address on its network, as the system would send from it; its own loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "没有加密（TLS）"), ("en", "nothing here is encrypted")])
def test_the_program_itself_does_not_start_where_others_could_listen(tmp_path, language, says):
    ended = begin("serve", "--data", str(tmp_path / "data"), "--host", ANYWHERE, "--lang", language)
    out, err = ended.communicate(timeout=END_SECONDS)
    assert ended.returncode == 2
    told = json.loads(out)
    assert told["code"] == "CF-7005"
    assert says in json.dumps(told, ensure_ascii=False)
    assert "--i-know" in json.dumps(told)
    assert "Traceback" not in err
    assert not (tmp_path / "data").exists()


def test_the_environment_opens_nothing_that_the_option_would_not(tmp_path):
    ended = begin("serve", "--data", str(tmp_path / "data"), COUNTERFOIL_SERVER__HOST=ANYWHERE)
    out, _ = ended.communicate(timeout=END_SECONDS)
    assert (ended.returncode, json.loads(out)["code"]) == (2, "CF-7005")


def run_command(*arguments: str, **named: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, as a person would run it."""
    told = environment(**named)
    whole = command(*arguments)
    return subprocess.run(whole, capture_output=True, text=True, env=told, timeout=END_SECONDS, check=False)


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "没有要求校验"), ("en", "does not demand verified")])
def test_the_program_itself_sends_nothing_to_a_database_elsewhere_that_it_does_not_verify(tmp_path, language, says):
    address = "postgresql://till@192.0.2.1/counterfoil"
    ended = begin("serve", "--data", str(tmp_path / "data"), "--database", address, "--lang", language)
    out, _ = ended.communicate(timeout=END_SECONDS)
    assert (ended.returncode, json.loads(out)["code"]) == (2, "CF-6030")
    assert says in out


def test_where_the_wire_is_trusted_the_office_says_so_in_red_on_every_page(tmp_path, empty_address):
    # What listens on this machine answers there, and it is no address of this machine alone.
    named = {"COUNTERFOIL_DATABASE__ADDRESS": empty_address.replace("@127.0.0.1", f"@{ANYWHERE}")}
    refused = begin("serve", "--data", str(tmp_path / "data"), **named)
    assert json.loads(refused.communicate(timeout=END_SECONDS)[0])["code"] == "CF-6030"
    named["COUNTERFOIL_DATABASE__TRUSTED_WIRE"] = "true"
    told = ("--merchant", "Lan", "--shop", "One", "--name", "Li", "--email", "li@example.com", "--password", PASSWORD)
    made = run_command("setup", "--data", str(tmp_path / "data"), *told, **named)
    assert made.returncode == 0, made.stderr
    running = start("serve", "--data", str(tmp_path / "data"), **named)
    try:
        address = f"http://127.0.0.1:{port_of(running)}"
        with httpx.Client(base_url=address, trust_env=False, follow_redirects=True) as office:
            signing_in = office.get("/office/at/1")
            # Only whoever is signed in to the office can do something about it.
            assert _LINE.search(signing_in.text) is None
            token = re.search(r'name="csrf" value="([^"]+)"', signing_in.text)
            form = {"csrf": token[1], "email": "li@example.com", "password": PASSWORD}
            office.post("/office/at/1", data=form, headers={"Origin": address})
            for language, says in WIRE.items():
                office.cookies.set("cf_language", language)
                for path in ("/office/second", "/office/second/app"):
                    assert said_in(office.get(path).text) == says
    finally:
        assert running.end()[0] == 0


@pytest.fixture
def open_to_others(copy: Path) -> Iterator[Running]:
    """The demonstration's data, served where others can reach it."""
    running = start("serve", "--data", str(copy), "--host", ANYWHERE, "--i-know")
    yield running
    assert running.end()[0] == 0


def port_of(running: Running) -> int:
    return httpx.URL(running.told["urls"]["till"]).port or 0


def line_on(url: str, language: str) -> str | None:
    """What the line above a page says; None where there is none."""
    page = httpx.get(url, cookies={"cf_language": language}, trust_env=False, follow_redirects=True)
    assert page.status_code == 200, page.text
    assert f'lang="{language}"' in page.text
    return said_in(page.text)


def said_in(page: str) -> str | None:
    found = _LINE.search(page)
    return found and unescape(re.sub("<[^>]+>", "", found[1])).strip()


def test_with_the_word_each_page_says_in_both_languages_that_it_is_not_encrypted(open_to_others):
    port, here = port_of(open_to_others), own_address()
    outside = here != "127.0.0.1"
    for path in PAGES:
        for language, says in SAID.items():
            assert line_on(f"http://{here}:{port}{path}", language) == (says if outside else None)
            # What does not leave the machine nobody reads along the way.
            assert line_on(f"http://127.0.0.1:{port}{path}", language) is None


@pytest.mark.browser
@pytest.mark.parametrize("size", [(390, 844), (1024, 600), (1440, 900)])
def test_the_line_is_red_and_seen_above_everything(open_to_others, chromium: Browser, size):
    address = f"http://{own_address()}:{port_of(open_to_others)}"
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    for path in PAGES:
        for language, says in SAID.items():
            context.add_cookies([{"name": "cf_language", "value": language, "url": address}])
            page.goto(address + path)
            line = page.query_selector("aside.in-the-clear")
            assert (line is None) is ("//127." in address)
            if line is not None:
                assert line.inner_text().strip() == says
                seen = page.evaluate(SEEN)
                assert seen["on_top"], (path, seen)
                red, green, blue = seen["red"]
                assert red > 1.8 * max(green, blue), (path, seen)
    context.close()


# Whether what stands at the middle of the line is the line, in the window; and the reddest of its colours.
SEEN = """() => {
  const line = document.querySelector("aside.in-the-clear"), box = line.getBoundingClientRect();
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const look = getComputedStyle(line);
  const parts = (text) => text.match(/[\\d.]+/g).map(Number).slice(0, 3);
  const colours = [look.backgroundColor, look.color, look.borderBottomColor].map(parts);
  colours.sort((a, b) => (b[0] - Math.max(b[1], b[2])) - (a[0] - Math.max(a[1], a[2])));
  return { on_top: line.contains(there) && box.y >= 0 && box.bottom <= innerHeight, red: colours[0] };
}"""
