"""The keys of a simulated day's providers: RSA from a name, the same in every process, so that signatures are, too.

For the simulation alone: whoever knows the name has the key.
"""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)

# Short, since nothing is kept secret by it and each exchange of a day is signed.
_BITS: Final = 1024
_EXPONENT: Final = 65537
_SMALL: Final = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)
# A composite passes each round by chance in at most one of four (Miller and Rabin).
_ROUNDS: Final = 24


@lru_cache(maxsize=8)
def key_of(name: str) -> RSAPrivateKey:
    """The key of that name; some tenths of a second the first time."""
    dice = random.Random(f"rsa/{name}")
    p, q = _prime(dice), _prime(dice)
    public = RSAPublicNumbers(_EXPONENT, p * q)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    numbers = RSAPrivateNumbers(p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q), public)
    return numbers.private_key()


def _prime(dice: random.Random) -> int:
    """A prime of half the bits, whose two highest bits are set, so that two of them make a modulus of all."""
    half = _BITS // 2
    while True:
        found = dice.getrandbits(half) | 3 << half - 2 | 1
        if (found - 1) % _EXPONENT and all(found % small for small in _SMALL) and _is_prime(found, dice):
            return found


def _is_prime(number: int, dice: random.Random) -> bool:
    odd, twos = number - 1, 0
    while not odd % 2:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, dice.randrange(2, number - 1), odd, twos) for _ in range(_ROUNDS))


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
