"""A stand-in for Lakala's open platform: a real HTTP server that speaks its protocol and keeps a ledger of its own.

The story
    A signed request comes in, its signature is checked on the raw bytes, the ledger decides, a signed answer goes out.
    On the way a ``Trick`` may interfere: by the amount charged, or because ``POST /_control`` asked for it.

Rules
- Listens on loopback only.
- Where Lakala's behaviour is not public the sandbox had to choose; README.md in this folder names every choice, and
  the answer's code then begins with ``SBX``.
- What was executed stands in the ledger before anything is answered, and survives a restart.
"""

from counterfoil.providers.lakala.sandbox.callers import Registered
from counterfoil.providers.lakala.sandbox.face import AMOUNTS, open_sandbox, section
from counterfoil.providers.lakala.sandbox.keys import SandboxKeys, make_sandbox_keys, new_private_key
from counterfoil.providers.lakala.sandbox.ledger import Filled, Ledger, Numbers, Trade, numbers_of
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick, notice_body
from counterfoil.providers.lakala.sandbox.server import (
    APPID,
    MERCHANT_NO,
    TERM_NO,
    Sandbox,
    running_sandbox,
    serve_sandbox,
)
from counterfoil.providers.lakala.sandbox.trick import BY_AMOUNT, ByAmount, Trick

__all__ = [
    "AMOUNTS",
    "APPID",
    "BY_AMOUNT",
    "MERCHANT_NO",
    "TERM_NO",
    "ByAmount",
    "Filled",
    "Ledger",
    "NoticeTrick",
    "Numbers",
    "Registered",
    "Sandbox",
    "SandboxKeys",
    "Trade",
    "Trick",
    "make_sandbox_keys",
    "new_private_key",
    "notice_body",
    "numbers_of",
    "open_sandbox",
    "running_sandbox",
    "section",
    "serve_sandbox",
]
