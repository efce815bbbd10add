"""Retirement: taking a payment provider off the terminals.

The story
    ``switch_account`` deactivates an account (停用收款通道): from the next payment on nothing is taken through it, at
    any terminal. It can be reinstated at any time.

Rules
- Only who may manage accounts does it, with a reason out of a closed list, and it stands in the log.
- What was begun before goes on: outcomes are asked for, refunds go back the way the money came, shown codes end.
- Nothing of an account is taken away here: its payments, its keys and its settings stay as they are.
"""

from counterfoil.retirement.switch_account import REASONS, REINSTATED, switch_account

__all__ = ["REASONS", "REINSTATED", "switch_account"]
