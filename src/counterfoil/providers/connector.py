"""What a connector is given and what it must offer.

A connector keeps no state. Each call carries all it needs; each answer is an ``Answered``: the outcome, and where the
provider handed out something that must be kept, the account's new sealed state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from counterfoil.basis import Clock, Entropy, Money, Secret
from counterfoil.providers.manifest import Manifest
from counterfoil.providers.outcome import Outcome
from counterfoil.providers.transport import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Take money. ``order_no`` is ours and is saved before the call; ``auth_code`` is the customer's payment code.

    Entry ``merchant_code`` has none: it asks for a code that ``wallet`` can scan and that ends after ``code_seconds``;
    nor has ``unknown``: it asks for a bill at the provider's own card terminal that ends after as long.
    """

    order_no: str
    amount: Money
    entry: str
    auth_code: Secret[str] | None
    subject: str
    asked_at: int
    wallet: str | None = None
    code_seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Undo or give back: a void, a reversal or a refund under its own ``order_no``, against ``origin_order_no``.

    ``origin_entry`` is how the charge was made: what undoes one kind of charge may not undo another.
    """

    order_no: str
    origin_order_no: str
    origin_trade_no: str | None
    origin_amount: Money
    amount: Money
    reason: str
    origin_asked_at: int
    origin_entry: str = "consumer_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Ask what became of ``order_no``, which was a charge, void, reversal or refund of ``amount``.

    ``entry`` is how the charge was made. ``origin_order_no`` and ``origin_amount``: of a leg, the charge it is against;
    some find a leg only through it.
    """

    order_no: str
    amount: Money
    kind: str
    asked_at: int
    entry: str = "consumer_code"
    origin_order_no: str | None = None
    origin_amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An outcome, and the account's new state where the provider changed it; whoever stores that seals it."""

    outcome: Outcome
    new_account_state: bytes | None = None


class Connector(Protocol):
    """One provider account, ready to call. Never raises for what the network or the provider does: that is Unknown."""

    async def charge(self, call: Charge) -> Answered:
        """Take money. For entry ``merchant_code``: Pending with the code to show; for ``unknown``: Pending."""
        ...

    async def query(self, call: Query) -> Answered:
        """Ask for the outcome of a charge or a leg by our own number."""
        ...

    async def void(self, call: Leg) -> Answered:
        """撤销: cancel the whole payment before the provider's cut."""
        ...

    async def reverse(self, call: Leg) -> Answered:
        """冲正: undo an attempt whose outcome is unknown. Approved means: not paid now, and never will be."""
        ...

    async def refund(self, call: Leg) -> Answered:
        """退款: give money back, whole or in part."""
        ...


@runtime_checkable
class Renewing(Protocol):
    """A connector whose account has something that is renewed from time to time, such as a key of the day.

    One renewal of an account at a time: its beginning is stored before the provider is called (see ``renewed``).
    """

    def renewal_due(self) -> bool:
        """Whether one is due now, and none is under way."""
        ...

    def renewal_begun(self) -> bytes:
        """The account's state with a renewal under way, which is due again after a while."""
        ...

    def renewal_stuck(self) -> bool:
        """Whether one was begun a while ago and has not come to its end; the account goes on as it was."""
        ...

    async def renew(self) -> Answered:
        """Do the next thing that is due; what was handed out is the new state."""
        ...


class TellsRefundFee(Protocol):
    """A connector whose manifest declares ``refund_fee``."""

    async def refund_fee(self, call: Leg) -> Mapping[str, Any]:
        """What a refund would give back of the fee, as the provider answers it. Raises NOT_READ."""
        ...


class TellsWhatItKnows(Protocol):
    """A connector whose manifest declares ``account_reads``."""

    async def read(self, path: str, order_no: str) -> Mapping[str, Any]:
        """One of the manifest's ``reads``, as it is answered. Raises NOT_READ. ``order_no``: the question's number."""
        ...


@runtime_checkable
class Checks(Protocol):
    """A connector with a question of its own for the connection check, where that says more than one about an order."""

    async def check(self) -> Outcome:
        """Ask something signed that moves nothing. Declined CONFIGURATION: our key or number is not accepted."""
        ...


class Activates(Protocol):
    """What the ``connector.py`` of a provider offers whose manifest names fields of an activation."""

    async def activate(self, post: Post, told: Mapping[str, str]) -> Mapping[str, str] | Outcome:
        """激活: the settings that are handed out for ``told``, by key; the outcome where there are none. Never raises.

        Not to be repeated by itself: a code may be used up without an answer.
        """
        ...


class Post(Protocol):
    """The way out as a connector gets it: bounded, and spooled. Raises NotSent or NoAnswer."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST ``body`` to ``url``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """All a provider's folder needs to build a connector. ``settings``: the manifest's fields; keys as PEM text.

    ``notify_url``: where the account's notices arrive; None where the world cannot reach us. ``state``: what an
    ``Answered`` gave as the account's new state the last time, opened.
    """

    account_id: str
    environment: str
    manifest: Manifest
    settings: Mapping[str, str]
    post: Post
    clock: Clock
    entropy: Entropy
    notify_url: str | None = None
    state: Secret[bytes] | None = None
