"""What a passkey answered, held against what was asked: this challenge, our own site, a person verified, its key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from webauthn import verify_authentication_response
from webauthn.helpers import (
    byteslike_to_bytes,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential

from counterfoil.factors.faults import ANSWER_FROM_ELSEWHERE, ANSWER_OF_ANOTHER, ANSWER_WRONG
from counterfoil.factors.site import Site
from counterfoil.factors.ticket import b64

ANSWER_MAX: Final = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """An answer as it was sent, not yet believed; ``credential_id`` is whose key it says it is."""

    credential: AuthenticationCredential
    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    @property
    def credential_sha256(self) -> str:
        """What the passkey is looked up by."""
        return hashlib.sha256(self.credential.raw_id).hexdigest()

    def parts(self) -> dict[str, str]:
        """What must be kept of it to check it again later, base64url."""
        return {
            "authenticator_data": b64(self.authenticator_data),
            "client_data_json": b64(self.client_data),
            "signature": b64(self.signature),
        }


def assertion_of(answer: str) -> Assertion:
    """Read what a page sent. Raises Refused CF-2055 for what is no answer of a passkey."""
    try:
        if len(answer) > ANSWER_MAX:
            raise ANSWER_WRONG()
        credential = parse_authentication_credential_json(answer)
        response = credential.response
        return Assertion(
            credential=credential,
            authenticator_data=byteslike_to_bytes(response.authenticator_data),
            client_data=byteslike_to_bytes(response.client_data_json),
            signature=byteslike_to_bytes(response.signature),
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ANSWER_WRONG() from error


def believe(given: Assertion, *, challenge: bytes, site: Site, public_key: bytes) -> int:
    """The count of a true answer. The count itself is judged by the caller, who knows the last one.

    Raises Refused CF-2053 (it is about something else), CF-2054 (for another site), CF-2055 (no person verified, or the
    signature is not this key's).
    """
    _same_question(given, challenge, site)
    try:
        seen = verify_authentication_response(
            credential=given.credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise ANSWER_WRONG() from error
    return seen.new_sign_count


def _same_question(given: Assertion, challenge: bytes, site: Site) -> None:
    """Say apart what the library says in one word: another request, another site."""
    try:
        client = parse_client_data_json(given.client_data)
        rp_id_hash = parse_authenticator_data(given.authenticator_data).rp_id_hash
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise ANSWER_WRONG() from error
    if client.challenge != challenge:
        raise ANSWER_OF_ANOTHER()
    if client.origin != site.origin or rp_id_hash != hashlib.sha256(site.rp_id.encode()).digest():
        raise ANSWER_FROM_ELSEWHERE()
