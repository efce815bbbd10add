"""How texts, times and counts are written in both languages."""

import pytest

from counterfoil.basis import MICROS, Broken, from_rfc3339
from counterfoil.locale import clock_time, day, full_time, seconds_left, translator, when

NOW = from_rfc3339("2026-11-22T08:00:00Z")  # 16:00 in Shanghai
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("seconds_ago", "zh", "en"),
    [
        (0, "刚刚", "just now"),
        (59, "刚刚", "just now"),
        (60, "1 分钟前", "1 minute ago"),
        (3599, "59 分钟前", "59 minutes ago"),
        (3600, "15:00", "15:00"),
        (16 * 3600, "00:00", "00:00"),
        (16 * 3600 + 1, "11-21 23:59", "11-21 23:59"),
        (400 * 86400, "2025-10-18 16:00", "2025-10-18 16:00"),
        (-60, "16:01", "16:01"),
    ],
)
def test_a_time_is_relative_only_within_the_last_hour(seconds_ago, zh, en):
    at = NOW - seconds_ago * MICROS
    assert when(at, zone=ZONE, now=NOW, language="zh-CN") == zh
    assert when(at, zone=ZONE, now=NOW, language="en") == en


def test_a_full_time_names_its_offset():
    assert full_time(NOW, zone=ZONE) == "2026-11-22 16:00:00 +08:00"
    assert clock_time(NOW, zone="UTC") == "08:00"


def test_a_day_names_its_weekday():
    assert day("2026-11-22", "zh-CN") == "11月22日 周日"
    assert day("2026-11-22", "en") == "Sun 22 Nov"


def test_seconds_left_round_up_and_never_fall_below_zero():
    assert seconds_left(NOW + 1, NOW) == 1
    assert seconds_left(NOW + 45 * MICROS, NOW) == 45
    assert seconds_left(NOW - 5, NOW) == 0


def test_english_counts_have_a_singular_and_chinese_ones_do_not():
    assert [translator("en")("till.count", n=n) for n in (0, 1, 2)] == ["0 payments", "1 payment", "2 payments"]
    assert [translator("zh-CN")("till.count", n=n) for n in (0, 1, 2)] == ["0 笔", "1 笔", "2 笔"]


def test_a_name_nobody_wrote_a_text_for_stops_the_page():
    with pytest.raises(Broken):
        translator("en")("till.no_such_text")
