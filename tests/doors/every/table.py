"""What each door of the routing table asks for, address by address. A route that stands nowhere in it fails the test.

``OPEN``: anybody. ``SIGNED``: whoever stands at that door. A permission: held everywhere, or where one stands.
``somewhere(...)``: in any shop. ``on(..., thing)``: there must be such a thing, it is of this merchant, and where it
lies in a shop the permission is held there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from counterfoil.people import Permission

P = Permission


@dataclass(frozen=True)
class Needs:
    """``permission`` None: nothing but to stand there; ``open``: not even that. ``thing``: what the address names."""

    permission: P | None = None
    open: bool = False
    anywhere: bool = False
    thing: str = ""
    # Whether the thing lies in a shop: the permission must then be held in it.
    in_shop: bool = False
    # What must be held beside it, or will do in its place.
    also: tuple[P, ...] = ()
    instead: P | None = None
    # Done by the first who may; to the others it is said that it was.
    once: bool = False
    # What the form (or a query) says, beside its token.
    form: tuple[tuple[str, str], ...] = ()


def form_of(needs: Needs) -> dict[str, str]:
    """What the form says, with its ids."""
    return {name: str(uuid4()) if value == FRESH else value for name, value in needs.form}


OPEN = Needs(open=True)
SIGNED = Needs()


def whole(permission: P, thing: str = "", **form: str) -> Needs:
    """Held for the whole merchant (at the till: where one stands)."""
    return Needs(permission, thing=thing, form=tuple(form.items()))


def somewhere(permission: P, thing: str = "", **form: str) -> Needs:
    """Held in any shop."""
    return Needs(permission, anywhere=True, thing=thing, form=tuple(form.items()))


def there(permission: P, thing: str = "payment", **form: str) -> Needs:
    """Held in the shop of the thing."""
    return Needs(permission, anywhere=True, thing=thing, in_shop=True, form=tuple(form.items()))


def beside(needs: Needs, *also: P) -> Needs:
    """The same, and these held too."""
    return replace(needs, also=also)


# In a form: an id that was never seen.
FRESH = "{fresh}"
_RECORDS = {
    "GET {door}/records": somewhere(P.READ),
    "POST {door}/records/columns": SIGNED,
    "GET {door}/records/export": beside(whole(P.EXPORT), P.READ),
    "POST {door}/records/export": beside(whole(P.EXPORT), P.READ),
    "GET {door}/exports": somewhere(P.EXPORT),
    "POST {door}/exports": somewhere(P.EXPORT, "nothing"),
    "GET {door}/exports/{id}": somewhere(P.EXPORT, "nothing"),
    "POST {door}/records/saved": whole(P.READ),
    "POST {door}/records/saved/rename": whole(P.READ, "nothing"),
    "POST {door}/records/saved/drop": whole(P.READ, "nothing"),
    "GET {door}/records/{id}": there(P.READ),
    "GET {door}/records/{id}/side": there(P.READ),
    "GET {door}/records/{id}/proof/{position}": there(P.READ),
    "GET {door}/records/{id}/verify/{position}": there(P.READ),
    "GET {door}/records/{id}/remove": there(P.READ),
    "GET {door}/payments/{id}/receipt": there(P.READ),
    "POST {door}/payments/{id}/receipt": there(P.READ),
    "GET {door}/payments/{id}/receipt.svg": there(P.READ),
}


def _records(door: str) -> dict[str, Needs]:
    return {route.replace("{door}", door): needs for route, needs in _RECORDS.items()}


# What a form without an act behind it leads back to is answered GET as well, with a way home.
TILL = _records("/till") | {
    "GET /till": OPEN,
    "GET /till/at/{merchant_id}": OPEN,
    "POST /till/at/{merchant_id}": OPEN,
    "POST /till/at/{merchant_id}/lift": OPEN,
    "GET /till/at/{merchant_id}/reset": OPEN,
    "POST /till/at/{merchant_id}/reset": OPEN,
    # Before anybody can sign in on it, a device hands in its key, with a code that only the office gives.
    "GET /till/enrol": OPEN,
    "GET /till/at/{merchant_id}/enrol": OPEN,
    "POST /till/at/{merchant_id}/enrol": OPEN,
    "GET /till/at/{merchant_id}/enrol/{terminal_id}": OPEN,
    "POST /till/sign-out": SIGNED,
    "POST /till/lock": SIGNED,
    "GET /till/locked": OPEN,
    "POST /till/locked": OPEN,
    "POST /till/language": OPEN,
    "POST /till/theme": OPEN,
    "POST /till/keypad": OPEN,
    "GET /till/help": OPEN,
    "GET /till/menu": SIGNED,
    "GET /till/more": SIGNED,
    "POST /till/more/reprint": whole(P.READ),
    "GET /till/more/password": SIGNED,
    "POST /till/more/password": SIGNED,
    "GET /till/password": SIGNED,
    "POST /till/password": SIGNED,
    "GET /till/more/network": SIGNED,
    "GET /till/more/network/clock": SIGNED,
    "GET /till/more/network/{account}": Needs(thing="account"),
    "GET /till/take": SIGNED,
    "POST /till/take": SIGNED,
    "GET /till/take/again": SIGNED,
    "POST /till/take/code": Needs(form=(("amount", "38.00"), ("id", FRESH))),
    "POST /till/take/card": whole(P.TAKE, amount="38.00", id=FRESH),
    "POST /till/take/{id}/card": whole(P.TAKE, amount="38.00"),
    "GET /till/take/{id}": SIGNED,
    "POST /till/take/{id}": whole(P.TAKE, amount="38.00", code="134567890123456789"),
    "GET /till/take/{id}/code": SIGNED,
    "POST /till/take/{id}/code": whole(P.TAKE, amount="38.00", wallet="wechat"),
    "GET /till/take/{id}/sure": SIGNED,
    "GET /till/take/{id}/cash": SIGNED,
    "POST /till/take/{id}/cash": whole(P.TAKE, amount="38.00", tendered="50.00"),
    "GET /till/payments/{id}": there(P.READ),
    "GET /till/payments/{id}/state": there(P.READ),
    "POST /till/payments/{id}/withdraw": beside(there(P.WITHDRAW), P.READ),
    "POST /till/payments/{id}/ask": there(P.READ),
    "GET /till/payments/{id}/live": there(P.READ),
    "GET /till/waiting": SIGNED,
    "GET /till/waiting/list": SIGNED,
    "GET /till/waiting/badge": SIGNED,
    "GET /till/find": whole(P.READ),
    "GET /till/find/{id}": there(P.READ),
    "GET /till/find/{id}/state": there(P.READ),
    "POST /till/payments/{id}/receipt/printer": there(P.READ),
    "GET /till/records/{id}/back/{leg}": there(P.READ),
    "POST /till/records/{id}/back/{leg}": replace(
        there(P.VOID, kind="void", amount="38.00", reason="TEST"), also=(P.READ,), once=True
    ),
    "GET /till/records/{id}/back/{leg}/state": there(P.READ),
    # Whoever reads the payment may ask somebody; without a reason nothing is kept. Taken back by whoever asked.
    "POST /till/records/{id}/back/{leg}/ask": there(P.READ, kind="void", amount="38.00"),
    "GET /till/records/{id}/back/{leg}/asked": there(P.READ, "asked"),
    "GET /till/records/{id}/back/{leg}/asked/state": there(P.READ, "asked"),
    "POST /till/records/{id}/back/{leg}/asked/withdraw": there(P.READ, "asked"),
    "GET /till/records/{id}/back/{leg}/cancel": there(P.READ, "nothing"),
    "POST /till/records/{id}/back/{leg}/cancel": there(P.READ, "nothing"),
    "GET /till/help/amounts": OPEN,
    "POST /till/help/offline": Needs(thing="nothing"),
    "GET /till/help/past-the-cut": Needs(thing="nothing"),
    "GET /till/help/held": Needs(thing="nothing"),
    "GET /till/{rest:path}": Needs(thing="nothing"),
}
_PLACES = {
    f"{method} /office/{kind}{rest}": needs
    for kind, thing in (("shops", "shop"), ("terminals", "terminal"))
    for method, rest, needs in (
        ("GET", "", SIGNED),
        ("GET", "/add", whole(P.MANAGE_PLACES)),
        ("POST", "/add", whole(P.MANAGE_PLACES)),
        ("GET", "/{id}", Needs(thing=thing)),
        ("GET", "/{id}/name", whole(P.MANAGE_PLACES, thing)),
        ("POST", "/{id}/name", whole(P.MANAGE_PLACES, thing)),
        ("GET", "/{id}/switch", whole(P.MANAGE_PLACES, thing)),
        ("POST", "/{id}/switch", whole(P.MANAGE_PLACES, thing, on="yes")),
    )
}
# A request about a payment is seen by whoever reads that shop's payments, or approves things. Who decides it is not
# a permission's matter, but the rule's roles' and who asked (tests/second_person). None is declined without a reason.
_SEEN = replace(there(P.READ, "request"), instead=P.APPROVE)
OFFICE = (
    _records("/office")
    | _PLACES
    | {
        "GET /office/terminals/{id}/key": there(P.ENROL_TERMINAL, "terminal"),
        "POST /office/terminals/{id}/key": there(P.ENROL_TERMINAL, "terminal"),
        "GET /office/terminals/{id}/key/news": there(P.ENROL_TERMINAL, "terminal"),
        "POST /office/terminals/{id}/key/close": there(P.ENROL_TERMINAL, "terminal"),
        "POST /office/terminals/{id}/key/confirm": there(P.ENROL_TERMINAL, "terminal"),
        "POST /office/terminals/{id}/key/revoke": there(P.ENROL_TERMINAL, "terminal"),
        "GET /office/tills": whole(P.MANAGE_SETTINGS),
        "POST /office/tills": whole(P.MANAGE_SETTINGS),
        "GET /office/numbers": whole(P.MANAGE_SETTINGS),
        "POST /office/numbers": whole(P.MANAGE_SETTINGS, number_least="2", number_most="2"),
        # The first setup: closed once there is a merchant.
        "GET /setup": OPEN,
        "POST /setup": OPEN,
        "GET /office": OPEN,
        "GET /office/others": OPEN,
        "GET /office/at/{merchant_id}": OPEN,
        "POST /office/at/{merchant_id}": OPEN,
        "POST /office/at/{merchant_id}/passkey": OPEN,
        "GET /office/at/{merchant_id}/reset": OPEN,
        "POST /office/at/{merchant_id}/reset": OPEN,
        "POST /office/sign-out": SIGNED,
        "GET /office/second": SIGNED,
        "POST /office/second": SIGNED,
        "GET /office/second/passkey": SIGNED,
        "POST /office/second/passkey": SIGNED,
        "GET /office/second/app": SIGNED,
        "POST /office/second/app": SIGNED,
        "POST /office/second/reset": SIGNED,
        "GET /office/me": SIGNED,
        "POST /office/me/add": SIGNED,
        "POST /office/me/remove": SIGNED,
        "POST /office/me/codes": SIGNED,
        "POST /office/me/password": SIGNED,
        "POST /office/me/end": SIGNED,
        "GET /office/home": SIGNED,
        "GET /office/days": somewhere(P.READ_DAYS),
        "GET /office/days/export": beside(whole(P.EXPORT), P.READ_DAYS),
        "POST /office/shops/{id}/rounding": whole(P.MANAGE_PLACES, "shop", rounding="none"),
        "GET /office/operators": somewhere(P.READ_PEOPLE),
        "GET /office/operators/add": whole(P.MANAGE_PEOPLE),
        "POST /office/operators/add": whole(P.MANAGE_PEOPLE),
        "GET /office/operators/{id}": somewhere(P.READ_PEOPLE, "person"),
        "GET /office/operators/{id}/name": whole(P.MANAGE_PEOPLE, "person"),
        "POST /office/operators/{id}/name": whole(P.MANAGE_PEOPLE, "person"),
        "GET /office/operators/{id}/switch": whole(P.MANAGE_PEOPLE, "person"),
        "POST /office/operators/{id}/switch": whole(P.MANAGE_PEOPLE, "person", on="yes"),
        "GET /office/operators/{id}/password": whole(P.RESET_PASSWORD, "person"),
        "POST /office/operators/{id}/password": whole(P.RESET_PASSWORD, "person"),
        "GET /office/operators/{id}/roles": somewhere(P.GRANT_ROLES, "person"),
        "POST /office/operators/{id}/roles": somewhere(P.GRANT_ROLES, "person", role="cashier"),
        "GET /office/operators/{id}/roles/{grant}": somewhere(P.GRANT_ROLES, "grant"),
        "POST /office/operators/{id}/roles/{grant}": somewhere(P.GRANT_ROLES, "grant"),
        "GET /office/operators/{id}/number": whole(P.MANAGE_PEOPLE, "person"),
        "POST /office/operators/{id}/number": whole(P.MANAGE_PEOPLE, "person", number="77"),
        "GET /office/operators/{id}/login": whole(P.MANAGE_PEOPLE, "person"),
        "POST /office/operators/{id}/login": whole(P.MANAGE_PEOPLE, "person", act="reset"),
        "GET /office/operators/{id}/sign-in": Needs(P.END_SESSIONS, thing="person", instead=P.RESET_FACTOR),
        "POST /office/operators/{id}/sign-in/end": whole(P.END_SESSIONS, "person"),
        "POST /office/operators/{id}/sign-in/pause": beside(whole(P.LIFT_LOCK, "person"), P.END_SESSIONS),
        "POST /office/operators/{id}/sign-in/reset": whole(P.RESET_FACTOR, "person"),
        "GET /office/approvals": whole(P.READ_EVIDENCE),
        "GET /office/approvals/{id}/file": whole(P.EXPORT_EVIDENCE, "nothing"),
        "GET /office/requests": SIGNED,
        "GET /office/requests/list": SIGNED,
        "GET /office/inbox": SIGNED,
        "GET /office/requests/{id}": _SEEN,
        "POST /office/requests/{id}/approve": _SEEN,
        "POST /office/requests/{id}/decline": _SEEN,
        "POST /office/requests/{id}/withdraw": _SEEN,
        "POST /office/requests/{id}/do": _SEEN,
        # Whoever is asked should know why: the rules are for everybody in the office.
        "GET /office/policy": SIGNED,
        "GET /office/policy/{act}": whole(P.MANAGE_POLICY),
        "POST /office/policy/{act}": whole(P.MANAGE_POLICY),
        "GET /office/activity": somewhere(P.READ_ACTIVITY),
        "GET /office/activity/export": beside(somewhere(P.EXPORT), P.READ_ACTIVITY),
        "GET /office/activity/people": somewhere(P.READ_ACTIVITY),
        "GET /office/activity/people/export": beside(somewhere(P.EXPORT), P.READ_ACTIVITY),
        "GET /office/api-keys": whole(P.MANAGE_KEYS),
        "GET /office/api-keys/add": whole(P.MANAGE_KEYS),
        "POST /office/api-keys/add": whole(P.MANAGE_KEYS),
        "GET /office/api-keys/{id}": whole(P.MANAGE_KEYS, "key"),
        "POST /office/api-keys/{id}/on": whole(P.MANAGE_KEYS, "key"),
        "POST /office/api-keys/{id}/off": whole(P.MANAGE_KEYS, "key"),
        "GET /office/roles": whole(P.OFFICE),
        "GET /office/roles/add": whole(P.MANAGE_ROLES),
        "POST /office/roles/add": whole(P.MANAGE_ROLES),
        "GET /office/roles/{id}": whole(P.MANAGE_ROLES, "role"),
        "POST /office/roles/{id}": whole(P.MANAGE_ROLES, "role"),
        "GET /office/roles/{id}/retire": whole(P.MANAGE_ROLES, "role"),
        "POST /office/roles/{id}/retire": whole(P.MANAGE_ROLES, "role"),
        "GET /office/accounts": somewhere(P.READ_CHANNELS),
        "GET /office/accounts/add": whole(P.MANAGE_ACCOUNTS),
        "GET /office/accounts/add/{provider}": whole(P.MANAGE_ACCOUNTS, "nothing"),
        "POST /office/accounts/add/{provider}": whole(P.MANAGE_ACCOUNTS, "nothing"),
        "GET /office/accounts/{id}/known": whole(P.MANAGE_ACCOUNTS, "account"),
        "GET /office/waiting/notices/{id}": whole(P.READ, "nothing"),
        "POST /office/waiting/notices/{id}": whole(P.DECIDE_NOTICE, "nothing"),
        "POST /office/waiting/notices/{id}/ask": whole(P.DECIDE_NOTICE, "nothing"),
        "GET /office/waiting/notices/{id}/raw": whole(P.DECIDE_NOTICE, "nothing"),
        "GET /office/accounts/{id}": somewhere(P.READ_CHANNELS, "account"),
        "GET /office/accounts/{id}/switch": whole(P.SWITCH_ACCOUNT, "account"),
        "POST /office/accounts/{id}/switch": whole(P.SWITCH_ACCOUNT, "account", on="yes"),
        "GET /office/accounts/{id}/settings": whole(P.MANAGE_ACCOUNTS, "account"),
        "POST /office/accounts/{id}/settings": whole(P.MANAGE_ACCOUNTS, "account"),
        # No provider here is activated from the office.
        "GET /office/accounts/{id}/activate": whole(P.MANAGE_ACCOUNTS, "nothing"),
        "POST /office/accounts/{id}/activate": whole(P.MANAGE_ACCOUNTS, "account"),
        "POST /office/accounts/{id}/check": whole(P.MANAGE_ACCOUNTS, "account"),
        "GET /office/routes": somewhere(P.READ_CHANNELS),
        "POST /office/routes": beside(whole(P.MANAGE_ROUTES, scope="merchant", method="qr"), P.READ_CHANNELS),
        "GET /office/waiting": somewhere(P.READ),
        "POST /office/waiting/{id}": there(P.READ, do="look"),
        # Here it is received and waits for nobody, so the page says that; who may not is told so before.
        "GET /office/waiting/{id}/statement": there(P.RESOLVE_PAYMENT),
        "POST /office/waiting/{id}/statement": there(P.RESOLVE_PAYMENT),
        "GET /office/holds": whole(P.READ),
        "GET /office/holds/{id}": whole(P.READ, "hold"),
        "POST /office/holds/{id}/ask": whole(P.RELEASE_HOLD, "hold"),
        "POST /office/holds/{id}/lift": whole(P.RELEASE_HOLD, "hold"),
        "GET /office/records/{id}/hold": beside(whole(P.HOLD, "payment"), P.READ),
        "POST /office/records/{id}/hold": beside(whole(P.HOLD, "payment"), P.READ),
        "GET /office/evidence": whole(P.READ_EVIDENCE),
        "POST /office/evidence": whole(P.READ_EVIDENCE),
        "GET /office/evidence/run": whole(P.READ_EVIDENCE),
        "GET /office/evidence/entry": whole(P.READ_EVIDENCE, position="0"),
        "GET /office/evidence/entry/{position}": whole(P.READ_EVIDENCE),
        "GET /office/evidence/record": whole(P.READ_EVIDENCE, "nothing", number="0"),
        "GET /office/evidence/checkpoint/{size}": whole(P.READ_EVIDENCE, "nothing"),
        "GET /office/evidence/key": whole(P.READ_EVIDENCE),
        "GET /office/faults": OPEN,
        "GET /office/faults/{code}": OPEN,
        "GET /office/settings": SIGNED,
        "GET /office/help": SIGNED,
        "POST /office/language": OPEN,
        "POST /office/theme": OPEN,
        "POST /office/keypad": OPEN,
        "GET /office/networks": whole(P.MANAGE_NETWORKS),
        "POST /office/networks/{purpose}/try": whole(P.MANAGE_NETWORKS, networks="x"),
        "POST /office/networks/{purpose}/keep": whole(P.MANAGE_NETWORKS),
        "POST /office/networks/{purpose}/back": whole(P.MANAGE_NETWORKS),
        "GET /office/_style": OPEN,
        "GET /office/{rest:path}": Needs(thing="nothing"),
    }
)
TABLE = {"till": TILL, "office": OFFICE}
# What anybody may read without a sign-in, each with a reason it tells of nobody's payment.
PUBLIC = {
    "GET /": "leads to the till",
    "GET /favicon.ico": "the icon",
    "GET /healthz": "one word",
    "GET /readyz": "a word a part",
    "GET /metrics": "counts; for this machine alone",
    "GET /evidence/{merchant_id}/checkpoint": "a signed head",
    "GET /evidence/{merchant_id}/tile/{path:path}": "hashes; bundles of entries need a key",
    "POST /notices/{merchant_id}/{account_id}/{token}": "an address nobody guesses; signed",
    "GET /static/{name:path}": "styles, scripts and pictures",
    "GET /api": "leads to the reference",
    "GET /api/docs": "the reference",
    "GET /api/v1/openapi.json": "the same for programs",
}
