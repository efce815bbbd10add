"""An export is the list itself: every row once, in its order, as text and numbers, and never as a formula."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counterfoil.basis import Refused
from counterfoil.locale import translator
from counterfoil.payments import take
from counterfoil.payments.facts import CAPTURED
from counterfoil.payments.tables import payment
from counterfoil.records import Find, export, find
from counterfoil.records.export import EXPORT_PAGE
from counterfoil.records.export_cells import COLUMNS
from counterfoil.records.export_csv import harmless
from counterfoil.records.export_xlsx import Book
from counterfoil.store import Change, Insert
from counterfoil.testing.house import open_house

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "  =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    '";=1',
    "%0A=1",
    "|calc",
    "{=1}",
    "'=1",
    '"=1"',
    "1;=1",
)
# As many rows as one leaf can tell of.
LEAF_ROWS = 60
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


async def whole(house, form, language="zh-CN", **asked):
    pieces = [piece async for piece in export(house.app.records, 1, Find(**asked), form, language, now=0)]
    return b"".join(pieces)


def of_csv(raw):
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))


def of_xlsx(raw, sheet=1):
    """Rows of (type, text) by column; the parts the writer made are read as any reader would."""
    with zipfile.ZipFile(io.BytesIO(raw)) as file, file.open(f"xl/worksheets/sheet{sheet}.xml") as part:
        rows = []
        for _, element in ET.iterparse(part):  # noqa: S314 - of our own making
            if element.tag == NS + "row":
                cells = {}
                for cell in element.iter(NS + "c"):
                    assert cell.find(NS + "f") is None, "a formula"
                    column = "".join(letter for letter in cell.get("r") if letter.isalpha())
                    cells[column] = (cell.get("t"), "".join(cell.itertext()))
                rows.append(cells)
                element.clear()
        return rows


def letter(name):
    at = [column.name for column in COLUMNS].index(name)
    return ("" if at < 26 else "A") + chr(ord("A") + at % 26)


async def listed(house, **asked):
    items, after = [], None
    while True:
        page = await find(house.app.records, 1, Find(**asked, limit=200, after=after))
        items += page.items
        after = page.next
        if after is None:
            return items


async def many(house, count, ids_of):
    """``count`` more payments like one that was taken, an hour apart in the past, in Changes of many."""
    like = await take(house.app.payments, house.actor(), house.cash_payment(3800))
    plain = {column.name: like.row[column.name] for column in payment.columns if column.name in like.row}
    for name in ("version", "last_change"):
        plain.pop(name, None)
    changes = []
    for begin in range(0, count, LEAF_ROWS):
        rows = [
            {
                **plain,
                "id": ids_of(),
                "order_no": f"{n:024d}",
                "amount_minor": n + 1,
                # Pairs of one instant: a page may end between two payments of the same time.
                "taken_at": like.taken_at - (n // 2 + 1) * 3_600_000_000,
            }
            for n in range(begin, min(begin + LEAF_ROWS, count))
        ]
        fact = CAPTURED.fact(at=like.taken_at, subject=like.id, to="captured")
        inserts = tuple(Insert(payment, row) for row in rows)
        change = Change(change_id=ids_of(), merchant_id=1, inserts=inserts, facts=(fact,))
        changes.append(house.app.store.commit(change))
    await asyncio.gather(*changes)


async def test_fifty_thousand_rows_of_csv_equal_the_list_and_only_a_page_is_in_memory(tmp_path):
    async with open_house(tmp_path) as house:
        await many(house, 50_000, house.app.ids.uuid)
        lines, most = [], 0
        async for piece in export(house.app.records, 1, Find(), "csv", "en", now=0):
            most = max(most, piece.count(b"\r\n"))
            lines.append(piece)
        assert most <= EXPORT_PAGE
        rows = of_csv(b"".join(lines))[1:]
        at = {column.name: n for n, column in enumerate(COLUMNS)}
        told = [(row[at["record.order_no"]], Decimal(row[at["record.amount"]])) for row in rows]
        expected = [(one.order_no, Decimal(one.amount_minor) / 100) for one in await listed(house)]
        assert len(told) == 50_001
        assert told == expected


async def test_rows_of_xlsx_equal_the_list(tmp_path, long):
    count = 50_000 if long else 3_000
    async with open_house(tmp_path) as house:
        await many(house, count, house.app.ids.uuid)
        rows = of_xlsx(await whole(house, "xlsx"))[1:]
        order_no, amount = letter("record.order_no"), letter("record.amount")
        told = [(row[order_no][1], row[order_no][0], Decimal(row[amount][1]), row[amount][0]) for row in rows]
        items = await listed(house)
        assert told == [(one.order_no, "inlineStr", Decimal(one.amount_minor) / 100, None) for one in items]


async def test_every_column_says_what_the_record_says_in_both_languages_and_formats(day):
    house, paid, _ = day
    voided, part = paid[1], paid[2]
    for language, state, method in (("zh-CN", "已撤销", "扫码"), ("en", "Voided", "Code")):
        t = translator(language)
        rows = of_csv(await whole(house, "csv", language, number=voided.order_no))
        assert rows[0] == [t(column.name) for column in COLUMNS]
        row = dict(zip([column.name for column in COLUMNS], rows[1], strict=True))
        assert row["records.column.state"] == state
        assert row["export.method"] == method == t("method.qr")
        assert row["records.column.time"] == shop_time(voided.taken_at)
        assert row["record.business_day"] == voided.business_day
        assert (row["record.amount"], row["export.voided"], row["record.refunded"]) == ("2.00", "2.00", "0.00")
        assert (row["export.shop"], row["records.column.where"], row["records.column.who"]) == ("Shop", "T01", "00")
        assert row["record.voucher_no"] == f"{voided.voucher_no:06d}"
        sheet = of_xlsx(await whole(house, "xlsx", language, number=part.order_no))
        assert [text for _, text in sheet[0].values()] == rows[0]
        assert sheet[1][letter("record.refunded")] == (None, "1.00")
        moment = datetime(1899, 12, 30) + timedelta(days=float(sheet[1]["A"][1]))  # noqa: DTZ001 - a wall clock
        assert abs(moment - datetime.fromisoformat(shop_time(part.taken_at))) < timedelta(seconds=1)


def shop_time(micros):
    local = datetime(1970, 1, 1) + timedelta(microseconds=micros) + timedelta(hours=8)  # noqa: DTZ001 - as above
    return local.replace(microsecond=0).isoformat(" ")


async def test_an_export_holds_what_the_filter_holds_and_no_other_merchants(day):
    house, paid, _ = day
    at = [column.name for column in COLUMNS].index("record.order_no")
    rows = of_csv(await whole(house, "csv", status="declined"))
    assert [row[at] for row in rows[1:]] == [paid[4].order_no]
    assert len(of_csv(await whole(house, "csv", shop_ids=frozenset()))) == 1
    assert len(of_xlsx(await whole(house, "xlsx", number="nothing"))) == 1


async def test_texts_of_people_are_texts_in_both_formats(tmp_path):
    async with open_house(tmp_path) as house:
        made = {}
        # What is no printable line is refused where it is typed.
        for text in filter(str.isprintable, FORMULAS):
            taken = await take(house.app.payments, house.actor(), with_bill(house, text))
            made[taken.order_no] = text
        columns = [column.name for column in COLUMNS]
        bill, order = columns.index("record.bill_ref"), columns.index("record.order_no")
        rows = of_csv(await whole(house, "csv"))[1:]
        assert {row[order]: row[bill].removeprefix("'") for row in rows} == {
            number: text.removeprefix("'") for number, text in made.items()
        }
        assert not [row[bill] for row in rows if row[bill].lstrip()[:1] in "=+-@＝＋－＠"]
        cells = of_xlsx(await whole(house, "xlsx"))[1:]
        for row in cells:
            assert row[letter("record.bill_ref")] == ("inlineStr", made[row[letter("record.order_no")][1]])


def with_bill(house, text):
    asked = house.cash_payment(100)
    return type(asked)(**{name: getattr(asked, name) for name in asked.__slots__} | {"bill_ref": text})


@given(text=st.text(max_size=40) | st.sampled_from(FORMULAS))
@example(text=" \t=1")
@example(text="　＝1")
def test_no_text_begins_as_a_formula_once_made_harmless(text):
    made = harmless(text)
    assert made.removeprefix("'") == text.removeprefix("'")
    assert made.lstrip()[:1] not in {*"=+-@＝＋－＠\t\r"}


async def test_a_question_that_makes_no_sense_is_refused_before_the_first_byte(day):
    house, _, _ = day
    with pytest.raises(Refused) as refused:
        export(house.app.records, 1, Find(from_=2, to=1), "csv", "en", now=0)
    assert refused.value.kind.code == "CF-3201"


async def test_an_export_that_is_given_up_leaves_nothing_behind(tmp_path, monkeypatch, day):
    house, _, _ = day
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    pieces = export(house.app.records, 1, Find(), "xlsx", "en", now=0)
    assert await anext(pieces) == b""
    assert list((tmp_path / "scratch").iterdir()) != []
    await pieces.aclose()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_full_sheet_is_followed_by_another_with_the_same_head(tmp_path):
    book = Book(tmp_path, ("a", "b"), 0, rows_a_sheet=3)
    book.write([("1", None), ("2", None), ("3", None)])
    book.close()
    raw = book.path.read_bytes()
    first, second = ([[cell[1] for cell in row.values()] for row in of_xlsx(raw, sheet)] for sheet in (1, 2))
    assert first == [["a", "b"], ["1"], ["2"]]
    assert second == [["a", "b"], ["3"]]
