"""Add a passkey: its device keeps it and opens it only for the person, so that it also signs in without a password."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, Final

from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from counterfoil.factors.assertion import ANSWER_MAX
from counterfoil.factors.enrolling import Enrolled, demand_enrolling, enrol
from counterfoil.factors.facts import PASSKEY_ADDED
from counterfoil.factors.faults import (
    ANSWER_FROM_ELSEWHERE,
    ANSWER_OF_ANOTHER,
    ANSWER_WRONG,
    FACTORS_MOST,
    PASSKEY_KNOWN,
)
from counterfoil.factors.means import Means
from counterfoil.factors.reading import ACTIVE, of_merchant
from counterfoil.factors.show import PASSKEY
from counterfoil.factors.site import Site
from counterfoil.factors.tables import passkey
from counterfoil.factors.ticket import Ticket, b64, issue, read, unb64
from counterfoil.people import SIGN_IN_BUSY, Actor, Session
from counterfoil.store import ChangePart, Insert, Stale

PURPOSE: Final = "passkey"
PASSKEYS_MAX: Final = 10
NAME_MAX: Final = 40
ROUNDS_MAX: Final = 12
_ISSUER: Final = "Counterfoil"
_BY_CREDENTIAL: Final = of_merchant(passkey, "credential_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a page hands to ``navigator.credentials.create()``, and the ticket it comes back with."""

    ticket: str
    options: str


async def offer_passkey(means: Means, site: Site, session: Session, actor: Actor, *, account: str) -> Offer:
    """Begin to add one; ``account`` is what the device shows beside it.

    Raises Refused CF-2050 (whoever has factors confirms it first), CF-2062 (too many), CF-2063 (not at this address).
    """
    site.demand()
    has = await demand_enrolling(means, session, actor)
    if len(has.passkeys) >= PASSKEYS_MAX:
        raise FACTORS_MOST(most=PASSKEYS_MAX)
    text, ticket = issue(means, PURPOSE, actor.merchant_id, session=session)
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=_ISSUER,
        user_id=handle_of(actor.merchant_id, actor.person_id),
        user_name=account,
        challenge=ticket.challenge,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=unb64(one.credential_id))
            for one in has.passkeys
            if one.rp_id == site.rp_id
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return Offer(ticket=text, options=options_to_json(options))


async def add_passkey(
    means: Means, site: Site, session: Session, actor: Actor, *, ticket: str, answer: str, name: str
) -> Enrolled:
    """Keep the passkey that the device made, under ``name``.

    Raises Refused CF-2050, CF-2052 (the offer is over), CF-2053 to CF-2055 (another offer, another site, no person
    verified), CF-2061 (known already), CF-2003; Trouble CF-2010.
    """
    asked = read(means, ticket, PURPOSE, actor.merchant_id, session=session)
    made = _made(site, asked, answer)
    for _ in range(ROUNDS_MAX):
        sha256 = hashlib.sha256(made.credential_id).hexdigest()
        key = {"merchant_id": actor.merchant_id, "credential_sha256": sha256}
        if await means.store.fetch_one(_BY_CREDENTIAL, key) is not None:
            raise PASSKEY_KNOWN()
        part = _part(means, site, actor, made, plain_name(name))
        try:
            return await enrol(means, session, actor, asked=asked, method=PASSKEY, part=part)
        except Stale:
            continue
    raise SIGN_IN_BUSY()


def handle_of(merchant_id: int, person_id: str) -> bytes:
    """What a device keeps beside the passkey: numbers that name nobody."""
    return merchant_id.to_bytes(4, "big") + uuid.UUID(person_id).bytes


def plain_name(typed: str) -> str:
    """The owner's word for it, short and on one line; a stroke where there is none."""
    return "".join(each for each in typed if each.isprintable()).strip()[:NAME_MAX] or "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    credential_id: bytes
    public_key: bytes
    count: int


def _made(site: Site, asked: Ticket, answer: str) -> _Made:
    """What the device made, checked."""
    if len(answer) > ANSWER_MAX:
        raise ANSWER_WRONG()
    try:
        client = json.loads(unb64(json.loads(answer)["response"]["clientDataJSON"]))
        challenge, origin = client["challenge"], client["origin"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ANSWER_WRONG() from error
    if challenge != asked.nonce:
        raise ANSWER_OF_ANOTHER()
    if origin != site.origin:
        raise ANSWER_FROM_ELSEWHERE()
    try:
        seen = verify_registration_response(
            credential=answer,
            expected_challenge=asked.challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise ANSWER_WRONG() from error
    return _Made(credential_id=seen.credential_id, public_key=seen.credential_public_key, count=seen.sign_count)


def _part(means: Means, site: Site, actor: Actor, made: _Made, name: str) -> ChangePart:
    now = means.clock.now()
    row: dict[str, Any] = {
        "merchant_id": actor.merchant_id,
        "id": means.ids.uuid(),
        "person_id": actor.person_id,
        "credential_sha256": hashlib.sha256(made.credential_id).hexdigest(),
        "public_key_sha256": hashlib.sha256(made.public_key).hexdigest(),
        "state": ACTIVE,
        "made_at": now,
        "credential_id": b64(made.credential_id),
        "public_key": b64(made.public_key),
        "rp_id": site.rp_id,
        "sign_count": made.count,
        "name": name,
        "used_at": None,
    }
    fact = PASSKEY_ADDED.fact(
        at=now,
        actor=actor.person_id,
        subject=row["id"],
        person=actor.person_id,
        credential_sha256=row["credential_sha256"],
        public_key_sha256=row["public_key_sha256"],
    )
    return ChangePart(inserts=(Insert(passkey, row),), facts=(fact,))
