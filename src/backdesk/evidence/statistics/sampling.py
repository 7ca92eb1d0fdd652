"""Which items are in a sample, and how many a sample needs."""

from __future__ import annotations

import math
from hashlib import blake2b

import scipy  # which imports scipy.special where it is first asked for

_LONGEST_SEED = 64


class ImpossibleSample(Exception):
    """A share, margin, confidence, population or seed with which no sample can be drawn."""


def sampled(key: str, *, seed: bytes, share: float) -> bool:
    """Say whether what has this key is in the sample: about `share` of all keys are, chosen by the secret `seed`.

    The answer depends on key, seed and share alone: not on order, day or what else there is, so anyone who has
    the seed can check it, and who has it not cannot tell it beforehand. What a share takes, a greater one takes
    too. The seed has 1 to 64 bytes. Raises `ImpossibleSample`. Source: sampling by a hash of the item
    (Duffield and Grossglauser, IEEE/ACM Transactions on Networking 9, 2001) under keyed BLAKE2b (RFC 7693).

    >>> [number for number in range(40) if sampled(f"item {number}", seed=b"March", share=0.1)]
    [1, 25, 36]
    """
    if not 0 <= share <= 1:
        raise ImpossibleSample(f"a share of {share:g} is none; give one from 0 to 1, such as 0.05")
    if not 0 < len(seed) <= _LONGEST_SEED:
        raise ImpossibleSample(f"a seed has 1 to {_LONGEST_SEED} bytes, not {len(seed)}")
    drawn = int.from_bytes(blake2b(key.encode(), key=seed, digest_size=8).digest(), "big")
    return drawn < int(share * 2**64)


def sample_size(
    *, margin: float, share: float = 0.5, population: int | None = None, confidence: float = 0.95
) -> int:
    """Return how many to draw so that the share found is within `margin` of the true one, as likely as said.

    `share` is what one expects; a half needs the most. Of a small `population` fewer are enough. Normal
    approximation, so for shares near 0 or 1 look at the interval. Raises `ImpossibleSample`.
    Source: Cochran, Sampling Techniques (1977), 4.4; the examples are of the table of Krejcie and Morgan,
    Educational and Psychological Measurement 30 (1970).

    >>> [sample_size(margin=0.05, population=population) for population in (10, 100, 1000, 10_000)]
    [10, 80, 278, 370]
    """
    if not 0 < margin < 1:
        raise ImpossibleSample(f"a margin of {margin:g} is none; give one between 0 and 1, such as 0.05")
    _check(share, confidence)
    if population is not None and population < 1:
        raise ImpossibleSample(f"a population of {population} has nothing to draw; give at least 1")
    endless = float(scipy.special.ndtri((1 + confidence) / 2)) ** 2 * share * (1 - share) / margin**2
    if population is None:
        return math.ceil(endless)
    return min(population, math.ceil(endless / (1 + (endless - 1) / population)))


def sample_size_to_see(*, share: float, confidence: float = 0.95) -> int:
    """Return how many to draw to see at least one of what makes up `share` of all, as likely as said.

    Also: when so many are drawn and none is found, they make up less than `share`. Raises `ImpossibleSample`.
    Source: Wilks, Annals of Mathematical Statistics 12 (1941): 59 for 95 % and 95 %.

    >>> sample_size_to_see(share=0.05), sample_size_to_see(share=0.01)
    (59, 299)
    """
    _check(share, confidence)
    return math.ceil(math.log1p(-confidence) / math.log1p(-share))


def _check(share: float, confidence: float) -> None:
    for name, value in (("share", share), ("confidence", confidence)):
        if not 0 < value < 1:
            raise ImpossibleSample(f"a {name} of {value:g} will not do; give one between 0 and 1")
