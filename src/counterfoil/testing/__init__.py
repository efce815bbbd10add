"""Fakes we ship: a clock that obeys, a seeded entropy, a TCP fault proxy. For tests and for the simulator."""
