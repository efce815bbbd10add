"""A stand-in for Shouqianba's Upay Web API: a real HTTP server that speaks its protocol and keeps a ledger of its own.

The story
    A request comes in, its MD5 is checked on the raw bytes under the terminal's keys, the ledger decides, an answer
    goes out, which is not signed: Shouqianba's are not. On the way a ``Trick`` may interfere: by the amount charged,
    or because it was asked for.

Rules
- Listens on loopback only.
- Where Shouqianba's behaviour is not public the sandbox had to choose; README.md in this folder names every choice.
- What was executed stands in the ledger before anything is answered, and survives a restart.
"""

from counterfoil.providers.shouqianba.sandbox.face import AMOUNTS, Face, open_sandbox
from counterfoil.providers.shouqianba.sandbox.ledger import Ledger, Order, Terminal
from counterfoil.providers.shouqianba.sandbox.notices import (
    Notices,
    NoticeTrick,
    new_private_key,
    notice_body,
    public_half,
)
from counterfoil.providers.shouqianba.sandbox.server import (
    ACTIVATION_CODE,
    APP_ID,
    DEVICE_ID,
    TERMINAL_SN,
    VENDOR_KEY,
    VENDOR_SN,
    Sandbox,
)
from counterfoil.providers.shouqianba.sandbox.trick import Trick

__all__ = [
    "ACTIVATION_CODE",
    "AMOUNTS",
    "APP_ID",
    "DEVICE_ID",
    "TERMINAL_SN",
    "VENDOR_KEY",
    "VENDOR_SN",
    "Face",
    "Ledger",
    "NoticeTrick",
    "Notices",
    "Order",
    "Sandbox",
    "Terminal",
    "Trick",
    "new_private_key",
    "notice_body",
    "open_sandbox",
    "public_half",
]
