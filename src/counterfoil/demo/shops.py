"""The three shops: when they are open, how busy they are, what is paid there and how. The figures are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Curve = tuple[tuple[int, int], ...]
Weights = tuple[tuple[int, int], ...]

# WeChat has no code to be shown at the one provider there is: the shops show fewer than they would in life.
SHOWN_FOR: Final = frozenset({"alipay", "unionpay"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """How the year changes a shop's day. Factors are in per mille; an evening factor counts on top, from 17:00 on.

    ``closed``: days from New Year's Eve of the Spring Festival. ``rush``, ``rush_evening``: the twelve days before.
    ``golden``: May 1 to 5 and October 1 to 7. ``bargains``: 11-11 and 06-18, when people buy elsewhere.
    """

    closed: int
    rush: int = 1000
    rush_evening: int = 1000
    golden: int = 1000
    bargains: int = 1000
    summer_evening: int = 1000
    rain: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One shop. Amounts are in fen, minutes count from midnight, rates are in ten thousandths of the payments.

    ``hours`` and ``weekend_hours``: (from, to, weight). ``weekdays``: Monday to Sunday, in percent. ``curves``: (until
    minute, the cumulative curve of amounts until then). ``merchant_coupons``: how many in a thousand bring one.
    ``printed``: of the payments by code, those by the printed one, in percent; ``shown``: of the others with a wallet
    that allows it, those where the customer scans what the till shows. ``spikes``: amounts as people round them.
    ``endings``: fen behind the yuan with their weights. ``posts``: for each operator on duty the terminals with their
    weights; the first has the most to do. ``wallets``: in per mille; the made-up year holds no cards, so their share is
    paid by code. ``voids``: of what can be voided.
    """

    name: str
    a_day: int
    terminals: tuple[str, ...]
    staff: int
    posts: tuple[Weights, ...]
    busy: tuple[int, ...]
    shift_ends: int
    hours: tuple[tuple[int, int, int], ...]
    weekend_hours: tuple[tuple[int, int, int], ...]
    year: Year
    merchant_coupons: int
    printed: int
    shown: int
    weekdays: tuple[int, ...]
    curves: tuple[tuple[int, Curve], ...]
    endings: Weights
    spikes: Weights
    prices: Weights
    wallets: tuple[tuple[str, int], ...]
    voids: int
    refunds: int
    parts: int
    refund_days: int

    @property
    def opens(self) -> int:
        """The minute it opens."""
        return self.hours[0][0]

    @property
    def closes(self) -> int:
        """The minute it closes."""
        return self.hours[-1][1]


_DAY: Final = 24 * 60
_MEALS: Final = ((630, 810, 42), (810, 1020, 5), (1020, 1230, 49), (1230, 1290, 4))
_STROLLS: Final = ((600, 720, 10), (720, 840, 14), (840, 1080, 38), (1080, 1260, 33), (1260, 1320, 5))

CONVENIENCE: Final = Shop(
    name="社区便利店",
    a_day=75,
    terminals=("1 号收银台", "2 号收银台", "手持机", "备用机"),
    staff=6,
    posts=(((0, 100),), ((1, 75), (2, 19), (3, 6))),
    busy=(68, 32),
    shift_ends=15 * 60,
    hours=((420, 540, 20), (540, 660, 10), (660, 780, 17), (780, 1020, 16), (1020, 1200, 21), (1200, 1380, 16)),
    # Weekend mornings begin two hours later.
    weekend_hours=((420, 540, 8), (540, 660, 22), (660, 780, 17), (780, 1020, 16), (1020, 1200, 21), (1200, 1380, 16)),
    year=Year(closed=2, golden=900, summer_evening=1150),
    merchant_coupons=0,
    printed=13,
    shown=9,
    weekdays=(98, 97, 97, 100, 106, 103, 99),
    curves=((_DAY, ((0, 200), (100, 500), (500, 1450), (900, 4600), (990, 16800), (1000, 30000))),),
    endings=((0, 55), (50, 20), (80, 8), (90, 7), (20, 5), (30, 5)),
    spikes=((200, 4), (300, 4), (600, 4), (1300, 3), (2000, 3), (2500, 2), (4500, 1), (10000, 1)),
    prices=(),
    wallets=(("wechat", 610), ("alipay", 260), ("cash", 60), ("unionpay", 25), ("ecny", 5)),
    voids=46,
    refunds=25,
    parts=10,
    refund_days=0,
)
RESTAURANT: Final = Shop(
    name="家常菜馆",
    a_day=44,
    terminals=("前台", "手持机 1", "手持机 2", "手持机 3", "手持机 4"),
    staff=4,
    posts=(((0, 100),), ((1, 50), (3, 50)), ((2, 50), (4, 50))),
    busy=(50, 27, 23),
    shift_ends=17 * 60,
    hours=_MEALS,
    weekend_hours=_MEALS,
    year=Year(closed=6, rush_evening=1300, golden=1250, rain=750),
    merchant_coupons=20,
    printed=8,
    shown=80,
    weekdays=(80, 84, 88, 92, 118, 130, 108),
    curves=(
        (16 * 60, ((0, 1800), (100, 3000), (500, 6200), (900, 14000), (990, 32000), (1000, 48000))),
        (_DAY, ((0, 3600), (100, 7000), (500, 15800), (900, 36000), (990, 88000), (1000, 128000))),
    ),
    endings=((0, 86), (50, 8), (80, 6)),
    spikes=(),
    prices=(),
    wallets=(("wechat", 570), ("alipay", 270), ("cash", 40), ("unionpay", 30), ("ecny", 10)),
    voids=98,
    refunds=70,
    parts=80,
    refund_days=0,
)
CLOTHES: Final = Shop(
    name="女装店",
    a_day=19,
    terminals=("收银台", "移动收银", "备用机"),
    staff=4,
    posts=(((0, 100),), ((1, 85), (2, 15))),
    busy=(80, 20),
    shift_ends=16 * 60,
    hours=_STROLLS,
    weekend_hours=_STROLLS,
    year=Year(closed=6, rush=1800, golden=1500, bargains=800, rain=750),
    merchant_coupons=0,
    printed=0,
    shown=29,
    weekdays=(66, 64, 68, 72, 98, 175, 157),
    curves=(),
    endings=(),
    spikes=(),
    prices=(
        (5900, 6),
        (9900, 12),
        (12900, 14),
        (15900, 14),
        (19900, 18),
        (25900, 12),
        (29900, 12),
        (39900, 7),
        (59900, 5),
    ),
    wallets=(("wechat", 460), ("alipay", 300), ("cash", 30), ("unionpay", 20), ("ecny", 5)),
    voids=60,
    refunds=450,
    parts=33,
    refund_days=7,
)
SHOPS: Final = (CONVENIENCE, RESTAURANT, CLOTHES)
ZONE: Final = "Asia/Shanghai"
