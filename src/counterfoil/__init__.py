"""Counterfoil (存根): a POS payment system that can take anything off the screen and nothing off the record.

The areas of this package are named after what people do; the doors are where the outside comes in. Imports point
down only, and only to an area's face, its ``__init__``. The table of floors stands in ARCHITECTURE.md and is held
against the code by ``tests/rules``.
"""

__version__ = "0.1.0"
