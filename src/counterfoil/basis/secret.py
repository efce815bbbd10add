"""A value that must not be seen by chance."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T", str, bytes)


class Secret(Generic[T]):
    """Holds a password, key or payment code.

    Has no repr, no equality, no hash and no pickling; every use says ``reveal``.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: T) -> None:
        """Hide ``value``."""
        self._value: T = value

    def reveal(self) -> T:
        """The value itself; only at the point of use."""
        return self._value

    def __repr__(self) -> str:
        """Say nothing."""
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        """Refuse: comparing secrets is ``hmac.compare_digest``'s work."""
        raise TypeError("compare secrets with hmac.compare_digest")

    def __reduce__(self) -> str:
        """Refuse to be pickled."""
        raise TypeError("a secret is not pickled")
