"""Who and where: merchants, shops, terminals as places, persons, and how they prove who they are.

The story
    ``open_merchant`` sets up a merchant with its shops, terminals and first persons. At a terminal a person gives an
    operator number and a password (``sign_in``) and gets a session, whose token each later request shows
    (``authenticate_session``). A machine shows an API key (``authenticate_key``); the key's owner stands as the actor.
    Where the actor may not do something alone, a supervisor's number and password allow that one act (``approve``).

Rules
- Deny by default: an ``Actor`` may only what its permissions name; the table of roles stands in ``permission.py``.
- Five wrong tries of an operator number at a terminal lock that number there for 30 minutes; a supervisor can lift it
  there. A number nobody has behaves the same, costs the same time and is told in the same words.
- Passwords have 12 to 128 characters and are kept as argon2id; tokens and keys only as their SHA-256.
- In the office, which has no terminal, only supervisors and administrators sign in; wrong tries count there apart.
- A name or label may be changed, a number never: what was written under it keeps its meaning.
- Who or what is disabled signs in no more, and the sessions end; nobody disables themselves.
- A session ends 12 hours after the sign-in, or after 30 minutes without use. A foreign, wrong or ended one all get the
  same answer.
- Every token and key begins with its merchant, so no look-up is without one.
- A forgotten password is set anew at a terminal: a cashier's by a supervisor, anybody's by an administrator. Whoever
  was signed in with the old one is signed out.
- Sessions go a day after their end, counted tries a day after the last.
- What is refused becomes a fact only once it is known who asked (``Refusals``).
"""

from counterfoil.people.add_operator import add_operator
from counterfoil.people.add_shop import add_shop
from counterfoil.people.add_terminal import add_terminal
from counterfoil.people.alter import in_service
from counterfoil.people.approve import approve
from counterfoil.people.authenticate import authenticate_key, authenticate_session
from counterfoil.people.deed import Deed
from counterfoil.people.demand import demand, demand_deed, demand_shop
from counterfoil.people.drop_stale import drop_stale
from counterfoil.people.end_session import end_session
from counterfoil.people.facts import KINDS
from counterfoil.people.faults import (
    FAULTS,
    KEY_WRONG,
    LOCK_NOT_THERE,
    MERCHANT_UNKNOWN,
    NO_PERMISSION,
    NOT_YOURSELF,
    NUMBER_SHAPE,
    NUMBER_TAKEN,
    OFFICE_CLOSED,
    OFFICE_LOCKED,
    OWNER_UNKNOWN,
    PASSWORD_LENGTH,
    PERSON_UNKNOWN,
    SCOPE_UNKNOWN,
    SESSION_ENDED,
    SETTING_WRONG,
    SHOP_NOT_ALLOWED,
    SHOP_TAKEN,
    SHOP_UNKNOWN,
    SIGN_IN_BUSY,
    SIGN_IN_LOCKED,
    SIGN_IN_WRONG,
    TERMINAL_TAKEN,
    TERMINAL_UNKNOWN,
    TEXT_SHAPE,
)
from counterfoil.people.hasher import Hasher
from counterfoil.people.holdings import HOLDINGS, Holding
from counterfoil.people.lift_lock import lift_lock
from counterfoil.people.lock import Tries
from counterfoil.people.make_key import SCOPES, make_key
from counterfoil.people.means import Means
from counterfoil.people.open_merchant import open_merchant
from counterfoil.people.permission import ALLOWED, DANGEROUS, Actor, Permission, Role
from counterfoil.people.person import (
    ACTIVE,
    DISABLED,
    NO_ROUNDING,
    ROUNDINGS,
    ApiKey,
    Lock,
    Merchant,
    NewMerchant,
    NewPerson,
    NewShop,
    NewTerminal,
    Person,
    Session,
    Shop,
    Terminal,
)
from counterfoil.people.prove import at_office, prove
from counterfoil.people.reading import (
    locks,
    merchant,
    merchants,
    password_fits,
    person,
    person_by_number,
    persons,
    shop,
    shops,
    terminal,
    terminal_by_number,
    terminals,
)
from counterfoil.people.refusals import Refusals, write_refusals
from counterfoil.people.rename import rename_operator, rename_shop, rename_terminal
from counterfoil.people.reset_password import reset_password
from counterfoil.people.session import living_sessions, session_guard
from counterfoil.people.set_language import set_language
from counterfoil.people.set_rounding import set_rounding
from counterfoil.people.shapes import digest as token_digest
from counterfoil.people.shapes import new_token
from counterfoil.people.sign_in import SignedIn, actor_of, new_session, session_insert, sign_in
from counterfoil.people.sign_out import sign_out
from counterfoil.people.switch import switch_operator, switch_shop, switch_terminal

__all__ = [
    "ACTIVE",
    "ALLOWED",
    "DANGEROUS",
    "DISABLED",
    "FAULTS",
    "HOLDINGS",
    "KEY_WRONG",
    "KINDS",
    "LOCK_NOT_THERE",
    "MERCHANT_UNKNOWN",
    "NOT_YOURSELF",
    "NO_PERMISSION",
    "NO_ROUNDING",
    "NUMBER_SHAPE",
    "NUMBER_TAKEN",
    "OFFICE_CLOSED",
    "OFFICE_LOCKED",
    "OWNER_UNKNOWN",
    "PASSWORD_LENGTH",
    "PERSON_UNKNOWN",
    "ROUNDINGS",
    "SCOPES",
    "SCOPE_UNKNOWN",
    "SESSION_ENDED",
    "SETTING_WRONG",
    "SHOP_NOT_ALLOWED",
    "SHOP_TAKEN",
    "SHOP_UNKNOWN",
    "SIGN_IN_BUSY",
    "SIGN_IN_LOCKED",
    "SIGN_IN_WRONG",
    "TERMINAL_TAKEN",
    "TERMINAL_UNKNOWN",
    "TEXT_SHAPE",
    "Actor",
    "ApiKey",
    "Deed",
    "Hasher",
    "Holding",
    "Lock",
    "Means",
    "Merchant",
    "NewMerchant",
    "NewPerson",
    "NewShop",
    "NewTerminal",
    "Permission",
    "Person",
    "Refusals",
    "Role",
    "Session",
    "Shop",
    "SignedIn",
    "Terminal",
    "Tries",
    "actor_of",
    "add_operator",
    "add_shop",
    "add_terminal",
    "approve",
    "at_office",
    "authenticate_key",
    "authenticate_session",
    "demand",
    "demand_deed",
    "demand_shop",
    "drop_stale",
    "end_session",
    "in_service",
    "lift_lock",
    "living_sessions",
    "locks",
    "make_key",
    "merchant",
    "merchants",
    "new_session",
    "new_token",
    "open_merchant",
    "password_fits",
    "person",
    "person_by_number",
    "persons",
    "prove",
    "rename_operator",
    "rename_shop",
    "rename_terminal",
    "reset_password",
    "session_guard",
    "session_insert",
    "set_language",
    "set_rounding",
    "shop",
    "shops",
    "sign_in",
    "sign_out",
    "switch_operator",
    "switch_shop",
    "switch_terminal",
    "terminal",
    "terminal_by_number",
    "terminals",
    "token_digest",
    "write_refusals",
]
