"""Keys pressed at moments that a test says, however busy the machine is.

A till tells a scanner from a person by the time between keys. Playwright presses one key a round trip and leaves it to
the machine when that is; here the browser is told with each key when it was pressed, and its ``event.timeStamp`` is
that moment.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import CDPSession, Page

SCANNER: Final = 0.005
# By radio, with a poor line.
SLOW_SCANNER: Final = 0.09
PERSON: Final = 0.3
# Between what is keyed and what is keyed next.
_REST: Final = 1.0
# Keys that say no letter: what the browser is told of them.
_NAMED: Final = {
    "Enter": {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Tab": {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
    "Control+j": {"key": "j", "code": "KeyJ", "windowsVirtualKeyCode": 74, "modifiers": 2},
    "Control+m": {"key": "m", "code": "KeyM", "windowsVirtualKeyCode": 77, "modifiers": 2},
}


@dataclass
class Keys:
    """The keyboard of one page. ``apart`` is in seconds, from key to key."""

    line: CDPSession
    last: float = field(default=0.0)

    @classmethod
    def of(cls, page: Page) -> Keys:
        return cls(page.context.new_cdp_session(page))

    def type(self, text: str, end: str = "", *, apart: float = PERSON) -> None:
        """Each letter of ``text``, and the named key that ends it; all were handled by the page when this returns."""
        self.last = max(time.time(), self.last) + _REST
        for key in [*text, *([end] if end else [])]:
            self._press(_NAMED.get(key) or {"key": key, "text": key})
            self.last += apart

    def _press(self, key: dict[str, object]) -> None:
        kind = "keyDown" if "text" in key else "rawKeyDown"
        self.line.send("Input.dispatchKeyEvent", {"type": kind, "timestamp": self.last, **key})
        released = {name: value for name, value in key.items() if name != "text"}
        self.line.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": self.last, **released})
