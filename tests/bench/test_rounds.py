"""Medians, ratios and spreads, of rounds whose figures are known."""

from __future__ import annotations

from counterfoil.bench.rounds import Contestant, Taken, rows_of, take_turns


def contestant(name: str, rates: list[int], **more) -> Contestant:
    left = iter(rates)

    async def run(_seconds: float) -> Taken:
        rate = next(left)
        return Taken(count=rate, seconds=1.0, took=[1 / rate] * 10)

    return Contestant(name=name, engine="sqlite", run=run, **more)


async def test_a_ratio_is_the_median_of_the_ratios_of_each_round():
    both = [contestant("reference", [100, 200, 400]), contestant("ours", [300, 200, 800], against=0)]
    order = []
    rows = rows_of(both, await take_turns(both, 1, lambda done, _of: order.append(done), rounds=3))
    assert order == [1, 2, 3, 4, 5, 6]
    assert (rows[1].per_second, rows[1].ratio, rows[1].reference) == (300, 2.0, "reference")
    assert rows[1].spread == 2.0
    assert rows[0].ratio is None


async def test_what_is_timed_is_compared_by_its_time():
    both = [
        contestant("reference", [100] * 3, timed=True),
        contestant("slower", [10] * 3, against=0, timed=True),
    ]
    rows = rows_of(both, await take_turns(both, 1, lambda _done, _of: None, rounds=3))
    assert rows[1].per_second is None
    assert (rows[1].p50_ms, rows[1].ratio) == (100.0, 10.0)
