"""``python -m counterfoil``: the command line."""

from counterfoil.doors.cli import main

main()
