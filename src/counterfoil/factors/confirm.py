"""Step-up bound to one act: show exactly what will happen, ask, and believe an answer that is about nothing else.

The challenge a passkey signs is SHA-256 of a nonce and the deed's canonical bytes, so that its answer says which deed
was meant; where a code and a password stand in its place, the row of the question says it. Each question counts once
and for two minutes. What was answered is kept as evidence that can be checked without this database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from sqlalchemy import bindparam, select

from counterfoil.basis import JSON, MICROS, NotOpened, Secret, canonical_uuid, decode, encode, insist, rfc3339
from counterfoil.factors.facts import ACT_CONFIRMED
from counterfoil.factors.faults import CONFIRMATION_OVER, DEED_CHANGED, FACTOR_UNKNOWN
from counterfoil.factors.means import Means
from counterfoil.factors.reading import Passkey, factors_of
from counterfoil.factors.second_step import demand_second_factor, raising
from counterfoil.factors.show import PASSKEY, Proven, RecoveryShown, Shown, Who, shown
from counterfoil.factors.site import Site
from counterfoil.factors.tables import approval, confirmation
from counterfoil.factors.ticket import NONCE_BYTES, b64, unb64
from counterfoil.people import SIGN_IN_BUSY, Actor, Deed, Session
from counterfoil.store import Change, Drop, Insert, Repeated, Row, Stale

LIFE_MICROS: Final = 120 * MICROS
ROUNDS_MAX: Final = 12
# What stands in the log as having been shown for the act.
_AUTH: Final = {PASSKEY: "passkey"}
_ONE: Final = select(confirmation).where(
    confirmation.c.merchant_id == bindparam("merchant_id"), confirmation.c.id == bindparam("id")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asked of one person in one session. ``challenge`` is base64url; ``passkeys`` are theirs that work here."""

    id: str
    deed: Deed
    challenge: str
    passkeys: tuple[Passkey, ...]
    by_code: bool
    ends_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A question not answered yet, and the form that led to it."""

    row: Row
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """It may be carried out now, once, by ``actor``; the session goes on under ``token``."""

    actor: Actor
    session: Session
    token: Secret[str]
    approval_id: str


def challenge_of(nonce: bytes, canonical: bytes) -> bytes:
    """What a passkey signs: SHA-256(nonce ‖ canonical bytes of the deed)."""
    return hashlib.sha256(nonce + canonical).digest()


async def ask(
    means: Means, site: Site, session: Session, actor: Actor, *, deed: Deed, form: Mapping[str, str]
) -> Question:
    """Ask ``actor`` to confirm ``deed``, theirs or another's; ``form`` comes back sealed with the answer.

    Raises Refused CF-2050, CF-2051 where no second factor was shown for this session.
    """
    # 1 somebody who can answer
    await demand_second_factor(means, session, actor)
    insist(deed.merchant_id == actor.merchant_id, "what is confirmed is the merchant's own")
    has = await factors_of(means.store, actor.merchant_id, actor.person_id)
    # 2 the question, kept until it is answered or over
    now, asked_id, nonce = means.clock.now(), means.ids.uuid(), means.entropy.bytes(NONCE_BYTES)
    row = {
        "merchant_id": actor.merchant_id,
        "id": asked_id,
        "person_id": actor.person_id,
        "session_id": session.id,
        "nonce": b64(nonce),
        "deed": deed.canonical().decode(),
        "sealed_form": means.vault.seal(msgspec.json.encode(dict(form)), place=_place(actor.merchant_id, asked_id)),
        "made_at": now,
        "ends_at": now + LIFE_MICROS,
    }
    await means.store.commit(
        Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, inserts=(Insert(confirmation, row),))
    )
    # 3 what a page needs to put it
    return Question(
        id=asked_id,
        deed=deed,
        challenge=b64(challenge_of(nonce, deed.canonical())),
        passkeys=tuple(one for one in has.passkeys if not one.locked and one.rp_id == site.rp_id),
        by_code=has.code_app_since is not None,
        ends_at=now + LIFE_MICROS,
    )


async def pending(means: Means, session: Session, question_id: str) -> Pending:
    """The question of that id. Raises Refused CF-2052 for one that is over, was answered, or was another session's."""
    try:
        key = {"merchant_id": session.merchant_id, "id": canonical_uuid(question_id)}
    except ValueError as error:
        raise CONFIRMATION_OVER() from error
    row = await means.store.fetch_one(_ONE, key)
    if row is None or (row["session_id"], row["person_id"]) != (session.id, session.person_id):
        raise CONFIRMATION_OVER()
    # A clock that was set back makes the question seem to come from the future: that is over, too.
    if not row["made_at"] <= means.clock.now() < row["ends_at"]:
        raise CONFIRMATION_OVER()
    try:
        form = means.vault.open(bytes(row["sealed_form"]), place=_place(row["merchant_id"], row["id"]))
    except NotOpened as error:
        raise CONFIRMATION_OVER() from error
    return Pending(row=row, form=msgspec.json.decode(form, type=dict[str, str]))


async def confirm(
    means: Means, site: Site, session: Session, actor: Actor, *, question_id: str, deed: Deed, given: Shown
) -> Confirmed:
    """Believe the answer to that question, keep it as evidence, and let ``actor`` carry the deed out.

    ``deed`` is what would happen now; it must be what was shown. Raises Refused CF-2052 (over, or answered before),
    CF-2064 (it is not what was shown), and for what is shown CF-2053 to CF-2059, CF-2065, CF-2068, CF-2069.
    """
    if isinstance(given, RecoveryShown):
        raise FACTOR_UNKNOWN()
    who = Who(merchant_id=actor.merchant_id, person_id=actor.person_id)
    for _ in range(ROUNDS_MAX):
        # 1 the question, and that nothing changed since it was asked
        asked = await pending(means, session, question_id)
        if asked.row["deed"] != deed.canonical().decode():
            raise DEED_CHANGED()
        # 2 the answer
        challenge = challenge_of(unb64(asked.row["nonce"]), deed.canonical())
        proven = await shown(means, who, given, site=site, challenge=challenge)
        # 3 commit: the question goes, the evidence stays, the session has another token
        raised = await raising(means, session, session.auth)
        approval_id = means.ids.uuid()
        change = _change(means, asked, deed, approval_id, proven, _evidence(means, site, asked, proven))
        try:
            await means.store.commit(change.plus(proven.part).plus(raised.part))
        except (Stale, Repeated):
            continue
        # 4 answer
        may = replace(actor, auth=_AUTH.get(proven.method, f"pin+{proven.method}"), deed_sha256=deed.sha256())
        return Confirmed(actor=may, session=raised.session, token=raised.token, approval_id=approval_id)
    raise SIGN_IN_BUSY()


def _change(means: Means, asked: Pending, deed: Deed, approval_id: str, proven: Proven, evidence: bytes) -> Change:
    now, sha256 = means.clock.now(), hashlib.sha256(evidence).hexdigest()
    row = {
        "merchant_id": deed.merchant_id,
        "id": approval_id,
        "person_id": asked.row["person_id"],
        "act": deed.act,
        "method": proven.method,
        "request_sha256": deed.sha256(),
        "evidence_sha256": sha256,
        "made_at": now,
        "evidence": evidence.decode(),
    }
    fact = ACT_CONFIRMED.fact(
        at=now,
        actor=asked.row["person_id"],
        subject=approval_id,
        act=deed.act,
        method=proven.method,
        passkey=proven.passkey["id"] if proven.passkey else None,
        request_sha256=deed.sha256(),
        evidence_sha256=sha256,
    )
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=deed.merchant_id,
        inserts=(Insert(approval, row),),
        drops=(Drop(confirmation, asked.row),),
        facts=(fact,),
    )


def _evidence(means: Means, site: Site, asked: Pending, proven: Proven) -> bytes:
    """Canonical bytes of all that is needed to check the confirmation again: see docs/guide/approvals.md."""
    row = asked.row
    said: dict[str, JSON] = {
        "v": 1,
        "method": proven.method,
        "person": row["person_id"],
        "deed": decode(row["deed"].encode()),
        "nonce": row["nonce"],
        "asked_at": rfc3339(row["made_at"]),
        "ends_at": rfc3339(row["ends_at"]),
        "confirmed_at": rfc3339(means.clock.now()),
    }
    if proven.passkey is not None and proven.assertion is not None:
        said |= {
            "passkey": proven.passkey["id"],
            "rp_id": site.rp_id,
            "origin": site.origin,
            "credential_id": proven.passkey["credential_id"],
            "public_key": proven.passkey["public_key"],
            **proven.assertion.parts(),
        }
    else:
        session_sha256 = hashlib.sha256(str(row["session_id"]).encode()).hexdigest()
        said |= {"session_sha256": session_sha256, "step": proven.step}
    return encode(said)


def _place(merchant_id: int, question_id: str) -> str:
    return f"confirmation|sealed_form|{merchant_id}|{question_id}"
