"""The list of records as a person signed in at the till or in the office asks for it, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
from sqlalchemy import select

from counterfoil.store import metadata

# Written without being asked: who was last seen, who is on duty and what was signed meanwhile, what is usual.
BY_ITSELF = frozenset({"session", "duty", "evidence_checkpoint", "usual_amount"})
# More than stand on one page of either.
TAKEN = 52
MONEY = "款项没有变化"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with more than one page: ``query`` is what was asked, ``token`` leads to the second."""

    client: httpx.Client
    path: str
    query: dict[str, str]
    token: str

    def after(self, token: str, **other: str) -> httpx.Response:
        return self.client.get(self.path, params={**self.query, **other, "after": token})


def listed(client: httpx.Client, path: str, query: dict[str, str]) -> Listed:
    """Ask for the first page and find the token in its link to the next."""
    first = client.get(path, params=query)
    found = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert found, (first.status_code, first.url)
    return Listed(client, path, query, parse_qs(urlsplit(unescape(found[1])).query)["after"][0])


def refused(answer: httpx.Response) -> None:
    """A refusal in the page's words: nothing listed, the code and what it means for the money."""
    assert answer.status_code == 422, answer.text
    assert "CF-3202" in answer.text
    assert MONEY in answer.text
    assert "<tbody" not in answer.text


def written(served) -> dict[str, list[str]]:
    """Every row of every table that only an act writes."""
    tables = [table for table in metadata.sorted_tables if table.name not in BY_ITSELF]
    return {table.name: sorted(map(repr, served.run(served.house.app.store.fetch(select(table))))) for table in tables}
