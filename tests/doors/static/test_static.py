"""Static files: an address is a promise that the bytes never change."""

import hashlib
import re
from pathlib import Path

import httpx
from starlette.applications import Starlette

from counterfoil.doors import static

FOLDER = Path(static.__file__).parent


def client() -> httpx.AsyncClient:
    application = httpx.ASGITransport(Starlette(routes=static.routes()))
    return httpx.AsyncClient(transport=application, base_url="http://till")


async def test_an_address_carries_the_digest_and_is_kept_for_a_year():
    async with client() as asking:
        answer = await asking.get(static.address("app.css"))
    assert answer.content == (FOLDER / "app.css").read_bytes()
    assert hashlib.sha256(answer.content).hexdigest()[:12] in static.address("app.css")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


async def test_what_is_text_names_its_charset():
    async with client() as asking:
        answers = [await asking.get(static.address(name)) for name in ("app.css", "till.js", "icon.svg")]
    told = [answer.headers["content-type"] for answer in answers]
    assert told == ["text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml; charset=utf-8"]


async def test_an_address_without_the_right_digest_is_nothing():
    paths = ("/static/app.css", "/static/app.000000000000.css", "/static/../serving.py", "/static/vendor/README.md")
    async with client() as asking:
        assert [(await asking.get(path)).status_code for path in paths] == [404] * 4


def test_files_of_others_are_as_published():
    told = dict(re.findall(r"\| `([^`]+\.js)` .*`([0-9a-f]{64})` \|", (FOLDER / "vendor/README.md").read_text()))
    held = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (FOLDER / "vendor").glob("*.js")}
    assert told == held


def test_every_icon_a_page_asks_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (FOLDER / "icons.svg").read_text()))
    pages = (FOLDER.parent / "till" / "templates").glob("*.html")
    asked = {name for page in pages for name in re.findall(r'icon\("([a-z]+)"\)', page.read_text())}
    assert asked <= drawn
