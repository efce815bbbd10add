"""Channels (收款通道): giving an account its settings, checking that it answers, and saying where it takes payments.

The story
    ``open_channel`` opens an account with its settings in one go, as many at one provider as there are contracts.
    ``configure`` takes what a form gave, tries it against the provider and only then keeps it, sealed. ``activate`` has
    a provider hand out settings for a code and keeps those. ``set_route`` says which accounts take the payments of a
    shop or terminal, in which order. ``check_account`` looks at one, and
    ``what_it_knows`` asks its provider for its own records of us.

Rules
- Only who may manage accounts does it, and it stands in the log; no secret does.
- What was entered and not answered by the provider is not kept: a shop does not find out at its first customer. What a
  provider handed out is kept before anything else.
- A secret is never shown again: of a key there is the fingerprint of its public half, of a word its last four.
"""

from counterfoil.channels.activate import activate
from counterfoil.channels.check_account import check_account, may_check
from counterfoil.channels.configure import configure
from counterfoil.channels.known import tells_what_it_knows, what_it_knows
from counterfoil.channels.open_channel import NewChannel, check_channel, open_channel
from counterfoil.channels.set_route import METHODS, check_route, scope_of, set_route

__all__ = [
    "METHODS",
    "NewChannel",
    "activate",
    "check_account",
    "check_channel",
    "check_route",
    "configure",
    "may_check",
    "open_channel",
    "scope_of",
    "set_route",
    "tells_what_it_knows",
    "what_it_knows",
]
