"""What is refused, by its code."""

from collections.abc import Awaitable

import pytest

from counterfoil.basis import Fault


async def refused(code: str, act: Awaitable[object]) -> Fault:
    with pytest.raises(Fault) as told:
        await act
    assert told.value.kind.code == code, told.value.kind.code
    return told.value
