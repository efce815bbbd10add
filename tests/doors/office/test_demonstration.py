"""The office over the demonstration: it is marked as one, its figures are the day's, and its picture is taken here."""

from __future__ import annotations

import io
from pathlib import Path

from counterfoil.demo import Demonstration, open_demonstration
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web, serving
from counterfoil.people import Role
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import Server, Telling
from tests.passkeys import named

PAYMENTS = 1_200  # more than a week of them, so that there is one to compare with


class Demonstrated(Server):
    """The demonstration in a loop of its own."""

    demonstration: Demonstration

    async def _serve(self) -> None:
        async with open_demonstration(self._folder, payments=PAYMENTS) as self.demonstration:
            app = self.demonstration.app
            config = serving(make_web(app, make_log(io.StringIO(), app.clock)), "127.0.0.1", 0)
            self._server = Telling(config, lambda port: self._tell(None, port))
            await self._server.serve()


def test_an_owner_sees_the_day_of_the_demonstration(chromium, tmp_path, request):
    server = Demonstrated(tmp_path / "demonstration")
    server.start()
    served = server.wait()
    who = next(each for each in server.demonstration.sign_ins if each.role is Role.ADMINISTRATOR)
    office = Office.open(chromium, named(served.url))
    office.page.set_viewport_size({"width": 1440, "height": 900})
    office.sign_in(who.operator, who.password)
    assert office.page.is_visible("aside.demonstration")
    taken = office.page.inner_text(".figures .figure:first-child strong")
    by_shop = [one.inner_text() for one in office.page.query_selector_all(".parts >> nth=1 >> tbody td:nth-child(3)")]
    assert by_shop  # today or last week: at night today has nothing yet
    assert _minor(taken) == sum(map(_minor, by_shop))
    if request.config.getoption("--pictures"):
        office.page.screenshot(path=Path(__file__).parents[3] / "docs" / "pictures" / "office.png")
    office.close()
    server.stop()


def _minor(text: str) -> int:
    return int(text.translate({ord(each): None for each in "¥,."}))
