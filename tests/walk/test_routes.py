"""No page is forgotten: each GET route of till and office is walked, or said to be no page and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Route

from counterfoil.app import open_app
from counterfoil.basis import Settings
from counterfoil.doors import office, till
from tests.walk import office_pages, till_pages, wrong_pages

REST = {"/till/{rest:path}", "/office/{rest:path}"}
WALKED = {place.route for place in (*till_pages.PLACES, *office_pages.PLACES, *wrong_pages.PLACES)}
NO_PAGES = {**till_pages.NO_PAGES, **office_pages.NO_PAGES}


@pytest.fixture
async def gets(tmp_path: Path) -> set[str]:
    async with open_app(tmp_path / "data", Settings(), demonstration=True) as app:
        routes = [*till.routes(app), *office.routes(app)]
    return {route.path for route in routes if isinstance(route, Route) and "GET" in (route.methods or ())}


def forgotten(gets: set[str], walked: set[str], no_pages: set[str]) -> set[str]:
    return gets - walked - no_pages


def test_every_route_is_walked_or_said_to_be_no_page(gets: set[str]):
    assert forgotten(gets, WALKED, NO_PAGES.keys() | REST) == set()


def test_no_route_is_named_that_is_not_there(gets: set[str]):
    assert (WALKED | NO_PAGES.keys()) - gets == set()
    assert WALKED & NO_PAGES.keys() == set()


def test_a_forgotten_route_is_found():
    assert forgotten({"/till/menu", "/till/new"}, {"/till/menu"}, set()) == {"/till/new"}


def test_every_place_has_its_own_name():
    names = [place.name for place in (*till_pages.PLACES, *office_pages.PLACES, *wrong_pages.PLACES)]
    assert len(names) == len(set(names))
