"""The till: what a cashier sees four hundred times a day, rendered by the server.

The story
    Sign in at a terminal → 收款: amount, then the customer's code or cash → the result, readable from two metres →
    the receipt. What is not known yet is parked (待确认) and never blocks the queue. From 交易记录 a record, its
    timeline and proofs, and 撤销 / 退款.

Rules
- Each page that begins an act carries the act's id in its address or form, made before the act: a reload, a second
  click or the back button asks for the same act again and gets its record.
- Every form carries the session's token, and its request must come from our own origin.
- Pages work without a script; ``till.js`` and htmx add the scanner, the keypad and liveness. No inline script or style.
- What is unknown is never red, and never said to have failed.
- One file a page or act; ``desk`` is who stands there, ``pages`` renders, ``looks`` says how a payment looks.
"""

from counterfoil.doors.till.faults import FAULTS
from counterfoil.doors.till.routing import routes

__all__ = ["FAULTS", "routes"]
