"""How a rule of conduct fails."""

from __future__ import annotations


class Misconduct(AssertionError):  # noqa: N818 - says what it is
    """A provider's folder behaved as it must not; the words say how."""


def must(condition: object, why: str) -> None:
    """Raise Misconduct with ``why`` unless ``condition`` holds."""
    if not condition:
        raise Misconduct(why)
