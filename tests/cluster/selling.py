"""People who sell through the API while the database fails over, and remember what they were told."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from itertools import pairwise

import httpx

from counterfoil.basis import Ids, SystemClock, SystemEntropy

IDS = Ids(SystemClock(), SystemEntropy())
AT_ONCE = 8
# Longer than the server ever lets anybody wait: an answer that does not come by then never comes.
ANSWER_SECONDS = 90
REST_SECONDS = 0.02
KNOWN = (200, 201, 202)
# The record may be there or not; every other trouble of the store says that nothing was recorded.
UNKNOWN = {"CF-3120", "CF-6109"}


@dataclass(slots=True)
class Sellers:
    """``told``: the state each payment was said to be in; ``doubted``: may be there; ``refused``: said not to be."""

    key: str
    place: dict[str, str]
    luck: random.Random
    asked: dict[str, dict] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    doubted: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    told_at: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def client(self, url: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.AsyncClient(base_url=url, headers=headers, timeout=ANSWER_SECONDS, trust_env=False)

    async def sell(self, url: str, stop: asyncio.Event) -> None:
        async with self.client(url) as client:
            await asyncio.gather(*(self._seller(client, stop) for _ in range(AT_ONCE)))

    async def _seller(self, client: httpx.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.one(client, self.new())
            await asyncio.sleep(REST_SECONDS)

    async def one(self, client: httpx.AsyncClient, body: dict) -> httpx.Response | None:
        """Ask for one payment and remember the answer."""
        self.asked[body["id"]] = body
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            answer = await client.post("/payments", json=body)
        except httpx.HTTPError as error:
            self.unanswered.append(repr(error))
            return None
        self.slowest = max(self.slowest, loop.time() - began)
        if answer.status_code in KNOWN:
            self.told[body["id"]] = answer.json()["state"]["money"]
            if answer.status_code == 201:  # 202 was recorded earlier and is still open
                self.told_at.append(loop.time())
            return answer
        code = answer.json()["code"]
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["Retry-After"]) > 0
        (self.doubted if code in UNKNOWN else self.refused)[body["id"]] = code
        return answer

    def new(self, method: str | None = None) -> dict:
        body = {"id": IDS.uuid(), **self.place, "amount_minor": self.luck.randint(2, 5000), "currency": "CNY"}
        if (method or self.luck.choice(("cash", "qr"))) == "cash":
            return body | {"method": "cash", "entry": "keyed"}
        scanned = {"method": "qr", "entry": "consumer_code", "auth_code": "134567890123456789", "wait_seconds": 5}
        return body | scanned

    def outage_seconds(self, since: float) -> float:
        """The longest time in which no payment went through, from ``since`` on."""
        times = [since, *(at for at in self.told_at if at > since)]
        return max((later - earlier for earlier, later in pairwise(times)), default=0.0)

    async def present(self, client: httpx.AsyncClient, ids: dict[str, str]) -> set[str]:
        """Those of ``ids`` that the record has."""
        found = set()
        for one in ids:
            answer = await client.get(f"/payments/{one}")
            assert answer.status_code in (200, 404), answer.text
            if answer.status_code == 200:
                found.add(one)
        return found
