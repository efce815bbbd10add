"""A receipt for a printer: read back by an interpreter of its commands, it says what the receipt says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.records import Line, Receipt, escpos
from counterfoil.records.receipt_escpos import columns_of

# Command bytes, and how many arguments follow.
COMMANDS = {b"\x1b@": 0, b"\x1c&": 0, b"\x1ba": 1, b"\x1bE": 1, b"\x1d!": 1, b"\x1bd": 1, b"\x1dV": 2}
COMMANDS |= {b"\x1dH": 1, b"\x1dh": 1, b"\x1dw": 1}
PLAIN = Receipt(
    kind="payment",
    heads=("海棠茶饮有限公司", "海棠路店"),
    title="收款凭证",
    copy="重打印 2",
    lines=(Line("终端", "T21"), Line("交易单号", "4210130365630991081920261125")),
    amounts=(Line("金额", "¥38.00"), Line("找零", "¥0.00")),
    order_no=Line("商户单号", "261125866001306759799066"),
    evidence="存证第 13 条 · #26 CO+ifCQc",
    foot="本凭证不作为发票",
)
COLUMNS = {"58": 32, "80": 48}


def printed(raw):
    """What comes out: (command, arguments) in order, the data of bar codes, and the lines with their size."""
    commands, codes, lines, text, size = [], [], [], b"", 1
    while raw:
        if raw[:2] == b"\x1dk":
            kind, length = raw[2], raw[3]
            codes.append((kind, raw[4 : 4 + length]))
            raw = raw[4 + length :]
        elif raw[:2] in COMMANDS:
            end = 2 + COMMANDS[raw[:2]]
            commands.append((raw[:2], raw[2:end]))
            size = 2 if commands[-1] == (b"\x1d!", b"\x11") else 1 if commands[-1][0] == b"\x1d!" else size
            raw = raw[end:]
        elif raw[:1] == b"\n":
            lines.append((text.decode("gb18030"), size))
            text, raw = b"", raw[1:]
        else:
            # Beyond ASCII, GB18030 has two or four bytes a character, the second of which tells.
            wide = 1 if raw[0] < 0x80 else 4 if 0x30 <= raw[1] <= 0x39 else 2
            assert raw[0] >= 0x20, raw[:8]
            text, raw = text + raw[:wide], raw[wide:]
    assert text == b""
    return commands, codes, lines


@pytest.mark.parametrize("paper", ["58", "80"])
def test_paper_says_all_that_the_receipt_says_within_its_width(paper):
    commands, codes, lines = printed(escpos(PLAIN, paper))
    assert commands[0] == (b"\x1b@", b"")
    assert (b"\x1c&", b"") in commands
    assert commands[-1][0] == b"\x1dV"
    assert all(columns_of(text) * size <= COLUMNS[paper] for text, size in lines)
    whole = "\n".join(text for text, _ in lines)
    for text in (*PLAIN.heads, PLAIN.title, PLAIN.copy, PLAIN.evidence, PLAIN.foot, PLAIN.order_no.value):
        assert text in whole
    for line in (*PLAIN.lines, *PLAIN.amounts):
        assert line.label in whole
        assert line.value.replace("¥", "￥") in whole
    assert ("￥38.00", 2) in [(text.strip(), size) for text, size in lines]
    digits = PLAIN.order_no.value
    assert codes == [(73, b"{C" + bytes(int(pair) for pair in re.findall("..", digits)))]


def test_the_bar_code_fits_its_paper():
    for paper, dots in (("58", 384), ("80", 576)):
        commands, _, _ = printed(escpos(PLAIN, paper))
        module = next(given_[0] for command, given_ in commands if command == b"\x1dw")
        assert module >= 2
        assert (11 * (1 + 12 + 1) + 13) * module <= dots


@given(name=st.text(max_size=60), value=st.text(max_size=60), paper=st.sampled_from(["58", "80"]))
def test_no_text_becomes_a_command_or_leaves_the_paper(name, value, paper):
    odd = replace(PLAIN, heads=(name, value), lines=(Line(name, value),), copy=None)
    commands, codes, lines = printed(escpos(odd, paper))
    assert [command for command, _ in commands] == [command for command, _ in printed(escpos(PLAIN, paper))[0]]
    assert codes == printed(escpos(PLAIN, paper))[1]
    assert all(columns_of(text) * size <= COLUMNS[paper] for text, size in lines)
