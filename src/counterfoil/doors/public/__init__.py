"""What anybody may read: whether the server is well, the log's tiles, and the static files.

Rules
- Nothing here needs a sign-in, and nothing here tells of a payment: tiles of hashes and signed heads, no entries.
- A static file asked for under its digest never changes, and may be kept for a year.
"""

from counterfoil.doors.public.assets import Asset, asset_url, assets
from counterfoil.doors.public.routes import routes

__all__ = ["Asset", "asset_url", "assets", "routes"]
