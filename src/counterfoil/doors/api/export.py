"""``GET /payments/export``: a selection as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final, Literal

from counterfoil import records
from counterfoil.basis import Both
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, File, Reply
from counterfoil.doors.api.filter import Filter, sought
from counterfoil.doors.said import said
from counterfoil.doors.spreadsheet import MEDIA, file_name
from counterfoil.people import Permission


class ExportAs(Filter, kw_only=True, forbid_unknown_fields=True):
    """What is sought, and as which file."""

    format: Annotated[Literal["csv", "xlsx"], said("The kind of file", "文件格式")] = "csv"


async def export(call: Call) -> Reply:
    """Ask ``records.export``, once it is in the log who is given how much."""
    query = call.sought(ExportAs)
    asked = _to_export(call, await sought(call, query))
    now = call.app.clock.now()
    merchant_id, form = call.actor.merchant_id, query.format
    count = (await records.totals(call.app.records, merchant_id, asked)).count
    await records.note_export(call.app.records, call.actor, asked, form, count)
    pieces = records.export(call.app.records, merchant_id, asked, form, call.language, now=now)
    return Reply(200, File(MEDIA[form], file_name(form), pieces))


def _to_export(call: Call, asked: records.Find) -> records.Find:
    """The same, in no other shops than those that may be exported from."""
    shops = call.actor.shops_for(Permission.EXPORT)
    if shops is None or asked.shop_ids is None:
        return replace(asked, shop_ids=asked.shop_ids if shops is None else shops)
    return replace(asked, shop_ids=asked.shop_ids & shops)


EXPORT: Final = Endpoint(
    method="GET",
    path="/payments/export",
    name="export",
    scope="export",
    beside=("read",),
    title=Both("导出", "Export"),
    story=Both(
        "把查找到的全部交易导出为 CSV（UTF-8，带 BOM）或 XLSX，新的在前。"
        "lang 决定表头语言；时间为门店当地时间，金额为小数，单元格都不是公式。"
        "密钥除 read 外还须有 export 权限，只含负责人可以导出的门店；每次导出都记入存证。",
        "Everything the query of find selects, newest first, as CSV (UTF-8 with a byte order mark) or XLSX. "
        "lang chooses the language of the headers; times are the shop's own, amounts decimals, no cell is a formula. "
        "Beside read, a key needs export; the file holds the shops that its owner may export from, and is in the log.",
    ),
    query=ExportAs,
    answers={200: Answer(Both("文件", "The file"), None, tuple(MEDIA.values()))},
    faults=records.FAULTS,
    run=export,
)
