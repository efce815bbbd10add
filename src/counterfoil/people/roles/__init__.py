"""Roles: which there are, who has which and where, and what that allows at this moment.

The story
    A role that ships stands in the table of ``permission.py``; a merchant makes own ones beside it (``make_role``). A
    person is given a role in one shop or in all (``grant_role``), and it is taken back (``end_grant``). At each request
    ``held_by`` reads what all of it allows now.

Rules
- Nobody gives, takes or makes what they do not hold themselves, there (``rights.demand_covers``).
- The last administrator who can sign in to the office cannot vanish (``rights.demand_another``).
- Every change of rights guards the merchant's staff row, so that two at once never pass by each other.
"""
