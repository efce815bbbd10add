"""A provider's sandbox as everybody outside its folder sees it: opened, told to play a trick, and its books read.

A folder whose manifest says ``sandbox = true`` has a module or package ``sandbox`` that offers two names:

    AMOUNTS: Sequence[ByAmount]       which amounts make it play a trick by itself, for the help page; may be empty
    open_sandbox(folder, *, clock, entropy, port=0, pace=PACE)
                                      an async context manager: it serves on 127.0.0.1 while the block runs

Rules
- It speaks the provider's own protocol over real HTTP, signs as the provider signs, and keeps books of its own. What it
  executed stands in them before anything is answered, and, as long as ``folder`` is kept, after a restart.
- A trick asked for with ``play`` is for the next call that is no question; several are played in turn. A call without
  one goes well: a shown code is paid after ``scan_seconds`` unless it was closed before.
- The same number and the same content twice is one payment, answered the same; other content is refused.
- Books tell money only: what was taken and what went back. What was refused or waits is not there.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol, cast

from counterfoil.basis import Clock, Entropy
from counterfoil.providers.faults import settings_wrong
from counterfoil.providers.manifest import Manifest


class Trick(StrEnum):
    """One way in which a call goes otherwise than well, whoever the provider is."""

    NO = "no"  # refused, finally: nothing is taken
    WAITS = "waits"  # the customer is asked first, and pays after ``wait_seconds``
    LATE = "late"  # done, and answered after ``late_seconds``
    CUT_BEFORE = "cut_before"  # nothing done, and the connection cut
    CUT_AFTER = "cut_after"  # done, and the connection cut
    WRONG_SIGNATURE = "wrong_signature"  # done, answered with a signature that does not hold
    UNKNOWN_CODE = "unknown_code"  # done, answered with a code that stands in no table
    OTHER_AMOUNT = "other_amount"  # done, answered with another amount
    OTHER_CURRENCY = "other_currency"  # done, answered with another currency
    TROUBLE = "trouble"  # a system error, nothing done
    LATE_SUCCESS = "late_success"  # not paid when it is undone, undone with a yes, and paid all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long things take in a sandbox, in seconds: a late answer, a customer who is asked, one who scans a code."""

    late_seconds: float = 12.0
    wait_seconds: float = 8.0
    scan_seconds: float = 6.0


PACE: Final = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Money that moved in a sandbox: ``taken`` under ``order_no``, or ``returned`` under it for ``origin``."""

    kind: str
    order_no: str
    amount_minor: int
    origin: str = ""


class ByAmount(Protocol):
    """A charge of exactly ``amount_minor`` in entry ``entry`` goes as the words say."""

    @property
    def amount_minor(self) -> int:
        """Fen."""
        ...

    @property
    def entry(self) -> str:
        """``consumer_code`` or ``merchant_code``."""
        ...

    @property
    def fault(self) -> str:
        """The code of the fault that a till shows by it; "" where none."""
        ...

    @property
    def zh(self) -> str:
        """What happens, in Chinese."""
        ...

    @property
    def en(self) -> str:
        """What happens, in English."""
        ...


class Sandbox(Protocol):
    """A sandbox that runs."""

    @property
    def url(self) -> str:
        """Where it answers, on loopback."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """The section ``[providers.<account>]`` that reaches it: every required setting of the manifest."""
        ...

    @property
    def merchant_no(self) -> str:
        """The merchant number an account at it has; empty where the provider has none."""
        ...

    @property
    def tricks(self) -> frozenset[Trick]:
        """What it can play. All of them, but for a signature where answers carry none."""
        ...

    def play(self, *tricks: Trick) -> None:
        """Play these, one for each of the next calls that are no questions."""
        ...

    def books(self) -> Sequence[Booked]:
        """All money that moved, in order."""
        ...


class SandboxFolder(Protocol):
    """What a folder's ``sandbox`` offers."""

    AMOUNTS: Sequence[ByAmount]

    def open_sandbox(
        self, folder: Path, *, clock: Clock, entropy: Entropy, port: int = 0, pace: Pace = PACE
    ) -> AbstractAsyncContextManager[Sandbox]:
        """Serve on 127.0.0.1 while the block runs. Port 0 takes a free one; keys and books lie in ``folder``."""
        ...


def sandbox_of(manifest: Manifest) -> SandboxFolder:
    """The sandbox of a provider, imported now. Raises Refused CF-4206 for one that has none."""
    if not manifest.sandbox:
        raise settings_wrong("provider", field="provider", provider=manifest.id)
    return cast("SandboxFolder", importlib.import_module(f"{manifest.package}.sandbox"))
