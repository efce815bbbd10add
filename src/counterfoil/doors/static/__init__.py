"""Static files: ours and others', each served under an address that carries its digest.

``/static/app.3f9a0c1d2e4b.css`` never changes, so it is cached for a year; a new file has a new address. An address
with a digest that is not the file's answers 404.
"""

from counterfoil.doors.static.serving import address, routes

__all__ = ["address", "routes"]
