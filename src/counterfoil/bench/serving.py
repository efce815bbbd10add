"""The doors as they are handed in: nothing below the doors may import them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TextIO, TypeAlias

from counterfoil.app import App

# Serves an app on a free port of loopback, writing its log to the file; gives the address.
Serving: TypeAlias = Callable[[App, TextIO], AbstractAsyncContextManager[str]]
