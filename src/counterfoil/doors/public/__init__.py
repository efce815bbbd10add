"""What anybody may read: whether the server is well, and the heads and hashes of every log.

Rules
- Metrics are for this machine alone: whoever asks from elsewhere, or through a proxy, is told there is nothing.
- Nothing here needs a sign-in, and nothing here tells of a payment; entry bundles are given to keys of their merchant.
- A provider's notice comes to an address nobody can guess and is believed for its signature alone.
- A tile never changes under its address, and may be kept for a year.
"""

from counterfoil.doors.public.routes import routes

__all__ = ["routes"]
