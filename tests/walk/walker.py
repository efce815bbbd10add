"""Somebody with a browser who goes to a page as people do, looks at it, and says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.doors.till.steps import PATIENCE_MS
from tests.keys import SCANNER, Keys
from tests.passkeys import passkeys_at
from tests.walk.looks import Look
from tests.walk.pseudo import outside
from tests.walk.reading import LETTERS, OWN_NAMES, of_the_other_language, unknown_names, without
from tests.walk.shown import Person, Shown

Who = Literal["guest", "cashier", "supervisor", "administrator"]
JUDGE: Final = (Path(__file__).parent / "judge.js").read_text("utf-8")
FOCUS: Final = (Path(__file__).parent / "focus.js").read_text("utf-8")
PICTURES: Final = Path(__file__).parents[1] / "screenshots" / "walk"
WECHAT: Final = "134567890123456789"
_SHIFTS: Final = """
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (one.hadRecentInput) continue;
    const moved = one.sources.map((each) => `${each.node?.nodeName}.${each.node?.className}`).join(", ");
    (window.shifts ||= []).push({ by: one.value, moved });
  }
}).observe({ type: "layout-shift", buffered: true });
"""
_SHIFT_MOST: Final = 0.02
# A page that refuses says so on the browser's console; its status is checked apart.
_REFUSED: Final = re.compile(r"Failed to load resource: the server responded with a status of [45]\d\d")
# Of a long list: rows that are drawn by one template, as those before them are.
OTHER_ROWS: Final = "tbody tr:nth-child(n+9), article.explained:nth-child(n+9)"
# Pixels: by a finger, by a mouse (WCAG 2.2, 2.5.8), and the till's keys.
_TOUCH_LEAST: Final = 44
_MOUSE_LEAST: Final = 24
_KEY_LEAST: Final = 64


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its name in the pictures, the route it belongs to, who sees it, and how they come there.

    ``status`` is what the server answers it with; ``noise`` is what a browser's console says there for good reason.
    """

    name: str
    route: str
    who: Who
    reach: Callable[[Device], None]
    status: int = 200
    noise: str = r"(?!)"


@dataclass
class Device:
    """One person's browser."""

    shown: Shown
    context: BrowserContext
    page: Page
    who: Who
    kept: dict[str, str]
    heard: list[str] = field(default_factory=list)
    status: int = 200
    person: Person | None = None

    @classmethod
    def open(cls, browser: Browser, shown: Shown, who: Who, kept: dict[str, str], *, by_touch: bool) -> Device:
        context = browser.new_context(
            locale="zh-CN", viewport={"width": 1024, "height": 600}, has_touch=by_touch, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_SHIFTS)
        made = cls(shown, context, context.new_page(), who, kept)
        made.page.on("console", made._heard)
        made.page.on("pageerror", lambda error: made.heard.append(str(error)))
        made.page.on("response", made._answered)
        made._sign_in()
        return made

    def speak(self, language: str) -> None:
        self.context.add_cookies([{"name": "cf_language", "value": language, "url": self.shown.url}])

    def go(self, path: str) -> None:
        self.page.goto(self.shown.url + path)

    def press(self, selector: str) -> None:
        """Press something that leads to another page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"#{name}", value)

    @cached_property
    def keys(self) -> Keys:
        return Keys.of(self.page)

    def scan(self, code: str = WECHAT) -> None:
        """What a scanner does: it types, fast, and presses Enter."""
        with self.page.expect_navigation():
            self.keys.type(code, "Enter", apart=SCANNER)

    def sign_in_to_till(self, person: Person, terminal: int = 0) -> None:
        self.go(f"/till/at/{self.shown.merchant}?change=1")
        self.page.select_option("#terminal", index=terminal)
        self.fill(number=person.number, password=person.password)
        self.press("form[action^='/till/at'] button.primary")

    def try_till(self, number: str, password: str) -> None:
        """Try to sign in."""
        self.sign_in_to_till(Person(number, password, ""))

    def put_back(self, cookie: str, value: str) -> None:
        """A cookie that this browser still has although the other side has forgotten it."""
        self.context.add_cookies([{"name": cookie, "value": value, "url": self.shown.url}])

    def sign_in_to_office(self, person: Person) -> None:
        self.go(f"/office/at/{self.shown.merchant}")
        self.fill(email=person.email, password=person.password)
        self.press("form[action^='/office/at'] button.primary")
        self.person = person
        passkeys_at(self.shown.url).come_in(self.page, self.shown.merchant, person.email)

    def confirm(self, selector: str) -> None:
        """Press what leads to a dangerous act, and confirm it as it is shown."""
        self.press(selector)
        assert self.person is not None
        passkeys_at(self.shown.url).confirm(self.page, self.shown.merchant, self.person.email)

    def key(self, amount: str) -> None:
        """Key an amount, up to the page that waits for the code; being sure where the till asks."""
        self.go("/till/take")
        with self.page.expect_navigation():
            self.keys.type(amount, "Enter")
        if "/sure" in self.page.url:
            self.press("main section.stack a.button:not(.primary)")

    def charge(self, amount: str) -> str:
        """Take an amount by a payment code: the payment's id, once its result is shown. Done once a walk."""

        def act() -> str:
            self.key(amount)
            self.scan()
            self.page.wait_for_url("**/till/payments/*")
            return self.page.url.rsplit("/", 1)[1]

        return self.once(f"charge {amount}", act)

    def once(self, name: str, act: Callable[[], str]) -> str:
        """What ``act`` gave when it was first done; an act of money is done once a walk, then looked at."""
        if name not in self.kept:
            self.kept[name] = act()
        return self.kept[name]

    def _sign_in(self) -> None:
        if self.who in ("cashier", "supervisor"):
            self.sign_in_to_till(self.shown.person(self.who))
        elif self.who == "administrator":
            self.sign_in_to_office(self.shown.person(self.who))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _REFUSED.match(message.text):
            self.heard.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.request.resource_type == "document":
            self.status = response.status
        elif response.status >= 400:
            self.heard.append(f"{response.status} for {response.url}")


@dataclass
class Walker:
    """Keeps a device for each kind of person; ``complaints`` of a page are returned, not raised.

    Without ``every_row`` axe leaves out the later rows of a long list.
    """

    browser: Browser
    shown: Shown
    kept: dict[str, str] = field(default_factory=dict)
    devices: dict[tuple[Who, bool], Device] = field(default_factory=dict)
    axe: Axe = field(default_factory=Axe)
    folder: Path = PICTURES
    every_row: bool = True

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.shown.names

    def device(self, who: Who, *, by_touch: bool) -> Device:
        """The device of ``who``; a guest's is fresh each time."""
        key = (who, by_touch)
        if who == "guest":
            self._leave(key)
        if key not in self.devices:
            self.devices[key] = Device.open(self.browser, self.shown, who, self.kept, by_touch=by_touch)
        return self.devices[key]

    def close(self) -> None:
        for key in tuple(self.devices):
            self._leave(key)

    def visit(self, place: Place, looks: tuple[Look, ...]) -> list[str]:
        """Go there once in each language by touch and by mouse, look in each of its looks; all that is wrong."""
        found: list[str] = []
        for language, by_touch in dict.fromkeys((look.language, look.by_touch) for look in looks):
            mine = [look for look in looks if (look.language, look.by_touch) == (language, by_touch)]
            device = self.device(place.who, by_touch=by_touch)
            device.speak(language)
            found += self._come(device, place, mine)
        return found

    def _leave(self, key: tuple[Who, bool]) -> None:
        if key in self.devices:
            self.devices.pop(key).context.close()

    def _come(self, device: Device, place: Place, looks: list[Look]) -> list[str]:
        device.heard.clear()
        self._set(device.page, looks[0])
        place.reach(device)
        device.page.wait_for_load_state()
        found = [] if device.status == place.status else [f"answered {device.status}, not {place.status}"]
        examined: set[str] = set()
        for at, look in enumerate(looks):
            self._set(device.page, look)
            found += [f"{look.name}: {each}" for each in self._look(device.page, place, look, first=at == 0)]
            if look.theme not in examined:
                examined.add(look.theme)
                found += [f"{look.name}: {each}" for each in self._examine(device.page)]
        heard = [each for each in device.heard if not re.search(place.noise, each)]
        return found + [f"{looks[0].language}: {each}" for each in heard]

    def _look(self, page: Page, place: Place, look: Look, *, first: bool) -> list[str]:
        picture = self.folder / look.name / f"{place.name}.jpeg"
        page.screenshot(path=picture, type="jpeg", quality=75, animations="disabled")
        least = {"touch": _TOUCH_LEAST if look.by_touch else _MOUSE_LEAST, "key": _KEY_LEAST}
        judged: dict[str, Any] = page.evaluate(JUDGE, {"language": look.language, **least})
        found: list[str] = judged["wrong"]
        if first:
            found += self._read(judged["read"], look)
            found += page.evaluate(FOCUS)
            if sum(shift["by"] for shift in judged["shifts"]) > _SHIFT_MOST:
                found += [f"the page jumped by {shift['by']:.3f}: {shift['moved']}" for shift in judged["shifts"]]
        return found

    def _read(self, texts: list[str], look: Look) -> list[str]:
        found = [f"the name of a text, {each}" for each in unknown_names(texts)]
        return found + [f"other language: {each}" for each in of_the_other_language(texts, look.language, self.names)]

    def _examine(self, page: Page) -> list[str]:
        rest = None if self.every_row else {"exclude": [[OTHER_ROWS]]}
        found = self.axe.run(page, rest).response["violations"]
        return [f"axe {one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]

    def _set(self, page: Page, look: Look) -> None:
        width, height = look.size
        page.emulate_media(color_scheme="light" if look.theme == "light" else "dark")
        page.set_viewport_size({"width": width, "height": height})


class Pseudo(Walker):
    """The walker in the language of nobody: reads for what stands outside the brackets, and looks at the shape."""

    def _read(self, texts: list[str], look: Look) -> list[str]:
        left = [without(outside(text), (*self.names, *OWN_NAMES)) for text in texts]
        return [f"untranslated: {text[:90]!r}" for text, rest in zip(texts, left, strict=True) if LETTERS.search(rest)]

    def _examine(self, page: Page) -> list[str]:
        return []  # axe has seen the page in the languages that people speak
