"""The e-mail address of an office login: its shape, the one form it is compared in, and the digest it is found by."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people.faults_of_rights import EMAIL_SHAPE
from counterfoil.people.means import Means
from counterfoil.people.tables import login, person
from counterfoil.store import Row, Store, by_key

EMAIL_CHARACTERS_MAX: Final = 254
_LOCAL_CHARACTERS_MAX: Final = 64
_USE: Final = b"counterfoil office login"
_PERSON: Final = tuple(column.name for column in person.columns)
_BY_EMAIL: Final = by_key(
    select(login, *(person.c[name].label(f"person_{name}") for name in _PERSON if name != "merchant_id"))
    .join(person, (person.c.merchant_id == login.c.merchant_id) & (person.c.id == login.c.person_id))
    .where(login.c.merchant_id == bindparam("merchant_id"))
    .where(login.c.email_digest == bindparam("email_digest"))
)


def email_of(typed: str) -> str:
    """The address as it is kept: NFKC, trimmed, lower case. Raises Refused CF-2031 where it cannot be one.

    No more is checked than one ``@`` between two parts, the second with a dot: what is right only the mail server
    knows. Upper and lower case are one, as every provider in use has it.
    """
    plain = _normal(typed)
    local, at, domain = plain.rpartition("@")
    dotted = "." in domain.strip(".") and ".." not in domain
    fits = 0 < len(local) <= _LOCAL_CHARACTERS_MAX and len(plain) <= EMAIL_CHARACTERS_MAX
    if not (at and dotted and fits) or "@" in local or not plain.isprintable() or " " in plain:
        raise EMAIL_SHAPE(field="email")
    return plain


def digest_of(means: Means, merchant_id: int, typed: str) -> str:
    """The keyed digest, in hex, under which a login is found; of whatever was typed. Says nothing without the key."""
    shown = _normal(typed)[: EMAIL_CHARACTERS_MAX + 1].encode("utf-8", "replace")
    told = b"\x00".join((_USE, str(merchant_id).encode(), shown))
    return hmac.new(means.hmac_key.reveal(), told, hashlib.sha256).hexdigest()


async def find_login(store: Store, merchant_id: int, email_digest: str) -> tuple[Row, Row] | None:
    """The login found by that digest and the row of its person. For this area only."""
    row = await store.fetch_one(_BY_EMAIL, {"merchant_id": merchant_id, "email_digest": email_digest})
    if row is None:
        return None
    names = [column.name for column in login.columns]
    who = {name: row[f"person_{name}"] for name in _PERSON if name != "merchant_id"}
    return {name: row[name] for name in names}, {**who, "merchant_id": row["merchant_id"]}


def _normal(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip().lower()
