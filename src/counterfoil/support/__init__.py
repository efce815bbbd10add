"""Support: what people are told when something does not work.

The story
    Each area declares its faults beside the acts that raise them. Support gathers them into one catalogue, which every
    door can show and ``counterfoil explain CF-3104`` prints.

Rules
- A code has one meaning for ever and is never used again.
- Support reads the fault texts; it raises none of its own in their place.
"""

from counterfoil.support.catalogue import by_code, catalogue, declared, near, normal

__all__ = ["by_code", "catalogue", "declared", "near", "normal"]
