"""Template (样板): an imaginary provider, to be copied and made into a real one.

The story
    ``connector`` makes a request, signs its exact bytes (``signing``), posts it, verifies the raw bytes of the answer,
    and only then reads what it says (``messages``).

Rules
- An answer that is not HTTP 200, not signed, not about our number, merchant, amount and currency is Unknown.
- A code that is not in the table of ``messages`` is Unknown.
"""
