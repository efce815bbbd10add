"""What happens in the made-up past: sales, and what undoes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A payment. ``shop``, ``terminal`` and ``operator`` are indexes; ``takes`` is how long its provider takes.

    ``entry`` is one of the payments' words. One by static_code happens without terminal or operator: the terminal is
    then the one on whose counter the code stands, the operator whoever is on duty there.

    ``ends`` is approved, closed (a shown code that nobody scanned), declined (then ``reason`` says why), found (no
    answer at first, then approved), withdrawn (no answer, and the operator gave up), reversed (no answer until the
    machine reversed it) or unknown.
    The discounts are those of the shop's and the platform's coupons.
    """

    at: int
    shop: int
    terminal: int
    operator: int
    wallet: str
    amount_minor: int
    entry: str = "consumer_code"
    tendered_minor: int | None = None
    takes: int = 0
    ends: str = "approved"
    reason: str = ""
    merchant_discount_minor: int = 0
    platform_discount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A void or a refund of ``sale``, asked by ``operator`` and allowed by the shop's supervisor.

    ``again_at``: the provider refuses it at first, because the shop's account does not cover it; it waits in the queue
    until then.
    ``refused``: why the provider says no, in the providers' words: past_cut; or nothing.
    """

    at: int
    sale: Sale
    kind: str
    amount_minor: int
    reason: str
    operator: int
    again_at: int | None = None
    refused: str = ""


Act = Sale | Undo


def sale_of(act: Act) -> Sale:
    """The sale itself, or the one that is undone."""
    return act.sale if isinstance(act, Undo) else act
