"""What takes two: a device and the office that enrols it, somebody who asks and somebody who approves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.walk.walker import Device

OFFICE_TERMINAL = "/office/terminals/{}/key"


@contextmanager
def office_beside(device: Device, at: int = 0) -> Iterator[Device]:
    """The office of the ``at``-th administrator, in a browser of its own, while the block lasts."""
    made = _open(device)
    try:
        made.sign_in_to_office(device.shown.person("administrator", at))
        yield made
    finally:
        made.context.close()


@contextmanager
def till_beside(device: Device) -> Iterator[Device]:
    """A device that is nobody's yet, while the block lasts."""
    made = _open(device)
    try:
        yield made
    finally:
        made.context.close()


def _open(device: Device) -> Device:
    browser = device.context.browser
    assert browser is not None
    made = Device.open(browser, device.shown, "guest", device.kept, by_touch=False)
    made.speak(device.page.evaluate("document.documentElement.lang") or "en")
    return made


def hand_in(till: Device, code: str | None = None) -> str:
    """Hand a key in for the last terminal, which nobody else walks at; with the office's code, or one that is wrong."""
    till.go("/till/enrol")
    terminal_id = str(till.page.eval_on_selector("#terminal", "list => list.options[list.length - 1].value"))
    till.page.select_option("#terminal", terminal_id)
    if code is None:
        with office_beside(till) as office:
            code = code_at(office, terminal_id)
    till.fill(code=code)
    # The form is sent once the browser has made a key.
    till.press("form[data-enrol] button.primary")
    return terminal_id


def code_at(office: Device, terminal_id: str) -> str:
    """A code for that terminal; what was open before is closed."""
    path = OFFICE_TERMINAL.format(terminal_id)
    office.go(path)
    if office.page.query_selector(f"form[action='{path}/close']"):
        office.press(f"form[action='{path}/close'] button")
    office.press(f"form[action='{path}'] button")
    return office.page.inner_text("[data-enrol-code]")


def enrolled(till: Device) -> None:
    """A device that the office has just confirmed; its page goes on by itself."""
    terminal_id = hand_in(till)
    with office_beside(till) as office:
        _go_to_words(office, terminal_id)
        office.confirm("form[action$='/confirm'] button")
    till.page.wait_for_selector("[data-enrolled]")


def words_in_office(office: Device) -> None:
    """The words of a key that a device has just handed in."""
    with till_beside(office) as till:
        terminal_id = hand_in(till)
    _go_to_words(office, terminal_id)


def confirming_in_office(office: Device) -> None:
    """The very key, before it is confirmed with a second factor."""
    words_in_office(office)
    office.press("form[action$='/confirm'] button")


def enrolled_in_office(office: Device) -> None:
    """What the office says of a terminal that is one device's."""
    words_in_office(office)
    office.confirm("form[action$='/confirm'] button")


def _go_to_words(office: Device, terminal_id: str) -> None:
    office.go(OFFICE_TERMINAL.format(terminal_id))
    office.page.wait_for_selector("form[action$='/confirm']")


def to_carry_out(office: Device) -> None:
    """Something that may give a code, asked for and approved by another: it waits for whoever asked, in the inbox."""
    office.once("left to the asker", lambda: _approved(office))
    office.go("/office/requests")


def one_to_carry_out(office: Device) -> None:
    """The same, opened."""
    to_carry_out(office)
    office.press("section[aria-labelledby=to-carry-out] a.whole")


def _approved(office: Device) -> str:
    office.go("/office/policy/reset_factors")
    office.page.select_option("#persons", "1")
    office.confirm("form[action='/office/policy/reset_factors'] button.primary")
    if "/office/requests/" in office.page.url:
        _approve(office)
    number = office.shown.person("administrator", 1).number
    office.go("/office/operators")
    office.press(f"tr:has-text('{number}') a.whole")
    office.press("a[href$='/sign-in']")
    office.confirm("form[action$='/sign-in/reset'] button")
    return _approve(office)


def _approve(office: Device) -> str:
    path = office.page.url.removeprefix(office.shown.url).split("?")[0]
    with office_beside(office, at=1) as other:
        other.go(path)
        other.confirm("form[action$='/approve'] button")
    return path
