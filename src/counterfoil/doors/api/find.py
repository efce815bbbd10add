"""``GET /payments``: find payments, newest first, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

import msgspec

from counterfoil import records
from counterfoil.basis import Both
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
    return Reply(200, Found(items=[shown(call, one) for one in page.items], next=page.next))


FIND: Final = Endpoint(
    method="GET",
    path="/payments",
    name="find",
    scope="read",
    title=Both("查找交易", "Find payments"),
    story=Both(
        "新的在前。from 含，to 不含。翻页时原样带上条件，并把 next 放入 after。",
        "Newest first; from is inclusive, to exclusive. For the next page send the same query with next as after.",
    ),
    query=FindPage,
    answers={200: Answer(Both("一页交易", "One page of payments"), Found)},
    faults=records.FAULTS,
    run=find,
)
