"""Terminals that are known by a key of their own: how one comes to be trusted, signs, and is trusted no more.

The story
    In the office somebody opens a window for a terminal (``open_window``) and gets a code. At the device the code is
    typed and a key made there handed in (``hand_in``). Both sides then show the same six words; whoever opened the
    window compares and confirms that very key (``confirm``). From then on every form of that terminal carries a
    signature and a counter (``admit``). A device that is lost is revoked (``revoke``).

Rules
- The private key never leaves the device; kept here is what verifies it.
- A code is used once, lasts ten minutes, and is kept as a keyed digest. Five wrong ones end the window.
- Until it is confirmed a handed-in key is worth nothing. Confirming names the key, so that no other is meant.
- A counter only rises. The same counter with other content proves two devices with one key: the terminal is locked.
- Who was signed in at a terminal is signed out when its key changes, is revoked or is locked.
- A revoked or locked terminal takes no form until it is enrolled anew.
"""
