"""Bugs planted on purpose, each a named switch: what the simulation is measured with. No installation has this folder.

The story
    ``planted(name)`` makes the program wrong in one way while its block runs, by putting something else in the place of
    one of its functions. A simulation that stays green with a bug in it proves nothing, so each of them must turn it
    red; how many days that takes stands in docs/reliability.md, written by ``tools/write_reliability.py``.

Rules
- The program knows nothing of this: there is no hook in it, and the shipped wheel leaves this folder out.
- A bug is one that somebody could really make: an intent that is not written, a number that is made anew, a guard that
  is forgotten, a yes read out of something that is none.
"""

from counterfoil.testing.planted.switches import BUGS, Bug, planted

__all__ = ["BUGS", "Bug", "planted"]
