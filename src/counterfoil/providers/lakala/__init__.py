"""Lakala (拉卡拉) open platform: labs calls, other refunds, the cashier, reads, notices; README.md says what is sure.

The story
    ``connector`` makes a request (``wire``); ``gateway`` holds its fields (``fields``), signs its exact bytes
    (``signing``), posts it, verifies the answer's raw bytes against the platform certificate it names, and only then is
    read what it says (``codes``, ``answers``). ``refunds``, ``counter``, ``reads``, ``notice``: as they are called.

Rules
- An answer that is not HTTP 200, not signed, not about our number, merchant and amount is Unknown.
- A code that is not in the table is Unknown for every call that moves money.
- Codes that only the sandbox uses (``SBX…``) mean something for sandbox accounts alone.
- Amounts are fen as digits in text; times are ``yyyyMMddHHmmss`` at UTC+8.
"""
