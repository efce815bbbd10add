"""What every answer carries, whatever was asked and however it ended: headers, cookies, methods, and nothing else."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest

from counterfoil.doors.shell import SECURITY
from tests.doors.every.standing import HOST, OWN, Everybody, Somebody
from tests.doors.every.walking import filled, routes_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
SECURE = HOST.replace("http:", "https:")
# What a scanner asks for; none of it is there.
NOT_THERE = (
    *("/.git/config", "/.git/HEAD", "/.env", "/counterfoil.db", "/backup.zip", "/server-status", "/debug", "/console"),
    *("/static/", "/static/../web.py", "/static/%2e%2e/web.py", "/static//etc/passwd", "/static/vendor/"),
    *("/api/v1", "/api/v1/", "/evidence/1/", "/evidence/1/tile/", "/notices/1", "/phpmyadmin/", "/admin", "/version"),
)
METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND")


def administrator(all_: Everybody, path: str) -> Somebody | None:
    door = path.split("/")[1]
    return next((who for who in all_.standing.get(door, []) if who.name == "administrator everywhere"), None)


def cookies_of(who: Somebody | None, *, secure: bool = False) -> dict[str, str]:
    prefix = "__Host-" if secure else ""
    return {"Cookie": "; ".join(f"{prefix}{name}={value}" for name, value in who.cookies.items())} if who else {}


def as_told(answer) -> list[str]:
    """What is missing in an answer's headers, or too much."""
    headers = answer.headers
    wrong = [name for name, value in SECURITY.items() if headers.get(name) != value]
    wrong += [f"extra {name}" for name in ("server", "x-powered-by", "via") if name in headers]
    wrong += [f"allows another origin by {name}" for name in headers if name.startswith("access-control-")]
    if "cache-control" not in headers:
        wrong.append("says nothing about caches")
    if not headers.get("content-type") and answer.content:
        wrong.append("no content type")
    return wrong


def cookies_wrong(answer, *, secure: bool) -> list[str]:
    wrong = []
    for line in answer.headers.get_list("set-cookie"):
        name, rest = line.split("=", 1)[0], line.lower()
        needed = ["httponly", "samesite=strict", "path=/", *(["secure"] if secure else [])]
        wrong += [f"{name}: {each}" for each in needed if each not in rest]
        if name.startswith("__Host-") is not secure or "domain=" in rest:
            wrong.append(f"{name}: its name, or another host's")
    return wrong


@pytest.mark.parametrize("base", [HOST, SECURE])
async def test_every_answer_of_every_route_carries_the_headers(all_: Everybody, base: str):
    wrong, asked, kept = [], 0, 0
    secure = base == SECURE
    async with all_.client(base_url=base) as client:
        for method, path in routes_of(all_.web):
            ids = all_.things[OWN] | {"id": all_.things[OWN]["payment"], "merchant_id": "1"}
            who = administrator(all_, path)
            if "sign-out" in path or path.endswith(("/lock", "/live")):
                who = None
            # As somebody signed in, as nobody, and (a form) without anything that makes it believed.
            for headers in (cookies_of(who, secure=secure) | {"Origin": base}, {"Origin": base}, {}):
                answer = await client.request(method, filled(path, ids), headers=headers)
                asked, kept = asked + 1, kept + len(answer.headers.get_list("set-cookie"))
                missing = as_told(answer) + cookies_wrong(answer, secure=secure)
                if secure is not ("strict-transport-security" in answer.headers):
                    missing.append("HSTS")
                if missing or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    wrong.append((method, path, answer.status_code, missing))
    assert not wrong, wrong[:20]
    assert asked > 3 * len(list(routes_of(all_.web))) - 1
    assert kept


async def test_what_there_is_not_is_not_there_and_looks_like_all_the_rest(all_: Everybody):
    async with all_.client() as client:
        for path in NOT_THERE:
            answer = await client.get(path)
            assert answer.status_code == HTTPStatus.NOT_FOUND, path
            assert as_told(answer) == [], path
            assert not re.search(r"Traceback|/src/|site-packages|uvicorn|starlette|Index of", answer.text), path


async def test_a_method_that_a_route_has_not_is_refused_everywhere(all_: Everybody):
    wrong = []
    async with all_.client() as client:
        for path in sorted({path for _, path in routes_of(all_.web)}):
            for method in METHODS:
                answer = await client.request(method, filled(path, all_.things[OWN]))
                if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or as_told(answer):
                    wrong.append((method, path, answer.status_code, as_told(answer)))
                elif not set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "POST"}:
                    wrong.append((method, path, answer.headers["allow"]))
    assert not wrong, wrong[:20]


async def test_over_tls_a_cookie_without_the_name_of_this_host_opens_nothing(all_: Everybody):
    who = administrator(all_, "/office")
    async with all_.client(base_url=SECURE) as client:
        planted = await client.get("/office/records", headers=cookies_of(who))
        own = await client.get("/office/records", headers=cookies_of(who, secure=True))
    assert planted.status_code == HTTPStatus.SEE_OTHER
    assert own.status_code == HTTPStatus.OK


async def test_in_the_clear_the_name_of_a_secure_cookie_opens_nothing(all_: Everybody):
    async with all_.client() as client:
        answer = await client.get("/office/records", headers=cookies_of(administrator(all_, "/office"), secure=True))
    assert answer.status_code == HTTPStatus.SEE_OTHER
