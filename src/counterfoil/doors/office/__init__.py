"""The office: what an owner looks at, and where an administrator arranges who works where.

The story
    Sign in by login and password, without a terminal → 首页: today against last week, what waits for a person, what
    looks odd, each one click from its cause → 交易记录 over all shops, a record with its timeline and each entry's
    proof, verified in place → shops, terminals and operators: added, disabled, enabled, with their history → the
    evidence, verified as a whole.

Rules
- Supervisors and administrators only; every page asks again at each request.
- Nobody sees anything of another merchant, and no other merchant's number stands in an address behind the sign-in.
- Pages work without a script. A list says why it is empty and what to do next.
- One file a page; ``desk`` is who is signed in, ``pages`` renders, what both doors share stands in ``screen``.
"""

from counterfoil.doors.office.routing import routes

__all__ = ["routes"]
