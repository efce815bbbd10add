"""Shouqianba (收钱吧), Upay Web API v2: pay, precreate, query, refund, revoke, cancel, and the terminal's own key.

The story
    A terminal is activated once with a code from Shouqianba and is given a number and a key (``terminal``).
    ``connector`` makes a request, signs its exact bytes with that key (``signing``), posts it, and reads what comes
    back layer by layer (``wire``, ``messages``, ``answers``). Once a day the key is exchanged for a new one.

Rules
- Answers are not signed: they are believed because TLS says who sent them, and only about our number and amount.
- Money is decided by ``order_status``; the word for the call must fit it. What is not in the table is Unknown.
- Nothing is sent twice but what may be: the same bytes under the terminal's other key, after "wrong signature".
- The key before the newest is kept until the newest has been answered once.
- Amounts are fen as digits in text; times are milliseconds since 1970 in text.
"""
