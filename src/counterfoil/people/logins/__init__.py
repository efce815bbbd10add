"""The way into the office: an e-mail address and a password.

The story
    Who has a login signs in with it (``sign_in_office``). An administrator opens one (``open_login``), gives it another
    address, closes it, or begins a reset (``begin_reset``); the person themselves sets the password
    (``finish_reset``) and nobody else ever knows it.

Rules
- The address is personal: it may be erased, stands in no fact and no log, and is found by a keyed digest.
- An address nobody has costs the same time and gets the same words as a wrong password.
"""
