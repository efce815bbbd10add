"""Change the language a session is shown in."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.basis import Language
from counterfoil.people.means import Means
from counterfoil.people.person import Session
from counterfoil.people.session import change_session


async def set_language(means: Means, session: Session, language: Language) -> Session:
    """The session in its new language; nothing is written where it is that already, or the session has ended."""
    if language == session.language:
        return session
    await change_session(means, session, {"language": language})
    return replace(session, language=language)
