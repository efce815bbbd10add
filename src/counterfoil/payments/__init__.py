"""Payments: take, void, refund, withdraw, resolve; and the states they move through.

The story
    ``take`` commits the intent, calls the provider with nothing locked, commits the outcome, answers. Whatever is
    lost between intent and outcome (a timeout, a crash) is Unknown, and ``resolve`` finishes it with the same code
    after a restart as after a timeout: ask the provider; if it never happened or cannot be known in time, reverse;
    then a person.

Rules
- Ids are the caller's. Same id and content: the answer of the record as it is now. Other content: refused.
- One driver a payment: whoever holds ``driver_until`` calls; the row's version is the fence.
- After the call the answer is kept and decided again until it is stored; the call is never repeated for that.
- A refund reserves on the payment's row, and goes back the way the money came.
- Every move stands in ``states``; what is not listed is refused.
"""
