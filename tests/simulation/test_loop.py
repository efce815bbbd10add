"""The loop whose time jumps, and the processes that die on it."""

import asyncio

import pytest

from counterfoil.simulation.loop import Deadlock, VirtualLoop
from counterfoil.simulation.process import Process, current_process


def live(work):
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(lambda: 0.001)) as runner:
        return runner.run(work)


def test_a_week_passes_at_once_and_timers_come_in_their_order():
    async def week():
        seen, loop = [], asyncio.get_running_loop()

        async def after(seconds):
            await asyncio.sleep(seconds)
            seen.append((seconds, round(loop.time(), 3)))

        await asyncio.gather(after(604_800), after(0.5), after(3600))
        return seen

    assert live(week()) == [(0.5, 0.5), (3600, 3600.0), (604_800, 604_800.0)]


def test_who_waits_for_ever_is_found():
    with pytest.raises(Deadlock):
        live(asyncio.Event().wait())


def test_work_for_a_thread_is_done_in_the_loop_and_takes_its_time():
    async def work():
        begun = asyncio.get_running_loop().time()
        answer = await asyncio.to_thread(lambda: 6 * 7)
        return answer, round(asyncio.get_running_loop().time() - begun, 6)

    assert live(work()) == (42, 0.002)


@pytest.mark.parametrize(("die_at", "done"), [(1, []), (2, ["written"])])
def test_a_process_dies_before_or_after_its_work_and_hears_nothing_of_it(die_at, done):
    async def world():
        moments, written, heard = iter(range(1, 9)), [], []
        process = Process(lambda: next(moments) == die_at)

        async def act():
            assert current_process.get() is process
            await asyncio.to_thread(written.append, "written")
            heard.append("answered")

        task = asyncio.get_running_loop().create_task(act(), context=process.context())
        await asyncio.wait({task})
        return task.cancelled(), written, heard

    assert live(world()) == (True, done, [])
