"""``GET /payments``: find payments, newest first, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

import msgspec

from counterfoil import records
from counterfoil.basis import Both, rfc3339
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.fields import Token
from counterfoil.doors.api.filter import Filter, sought
from counterfoil.doors.api.payment import Payment, shown
from counterfoil.doors.said import said

PAGE: Final = 50


class Found(msgspec.Struct, kw_only=True):
    """One page."""

    items: list[Payment]
    next: Annotated[str | None, said("Token of the next page; null on the last", "下一页的标记；最后一页为 null")]
    seen_to: Annotated[
        str | None,
        said(
            "Given where the page is short because enough was looked at: everything newer than this instant was seen",
            "本页提前结束时给出：晚于此时刻的都已查过，更早的请用 next 继续",
        ),
    ]


class FindPage(Filter, kw_only=True, forbid_unknown_fields=True):
    """What is sought, a page at a time."""

    limit: Annotated[int, said("Payments a page", "每页笔数", ge=1, le=records.LIMIT_MAX)] = PAGE
    after: Annotated[
        Token | None, said("The token of the page before, of the same query", "上一页给出的标记，须为相同条件")
    ] = None


async def find(call: Call) -> Reply:
    """Ask ``records.find``."""
    query = call.sought(FindPage)
    asked = replace(await sought(call, query), limit=query.limit, after=query.after)
    page = await records.find(call.app.records, call.actor.merchant_id, asked)
    items = [shown(call, one) for one in page.items]
    return Reply(
        200, Found(items=items, next=page.next, seen_to=None if page.seen_to is None else rfc3339(page.seen_to))
    )


FIND: Final = Endpoint(
    method="GET",
    path="/payments",
    name="find",
    scope="read",
    title=Both("查找交易", "Find payments"),
    story=Both(
        "新的在前。from 含，to 不含。翻页时原样带上条件，并把 next 放入 after。一页可能不满，以 next 为准。",
        "Newest first; from is inclusive, to exclusive. For the next page send the same query with next as after. "
        "A page may be short; there is more as long as next is given.",
    ),
    query=FindPage,
    answers={200: Answer(Both("一页交易", "One page of payments"), Found)},
    faults=records.FAULTS,
    run=find,
)
