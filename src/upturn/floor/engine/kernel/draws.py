"""Random numbers without a state: each is computed from where it belongs.

The words of a counter say which replication, place and kind of need, which need there, and what
for; the key is the seed. Whoever draws, in whatever order and on whatever machine, draws the same.
"""

import math

import numpy as np

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.plans import CONSTANT, EXPONENTIAL, FIRST, GAMMA, LOGNORMAL

_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@compiled
def philox(counter, key):
    """Give four words of 32 bits for a counter of four and a key of two: Philox4x32-10.

    References
    ----------
    Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
    https://doi.org/10.1145/2063384.2063405; checked against its known answers.
    """
    a, b, c, d = counter
    key_a, key_b = key
    for _ in range(10):
        left = np.uint64(0xD2511F53) * a
        right = np.uint64(0xCD9E8D57) * c
        a, b, c, d = (
            (right >> _HALF) ^ b ^ key_a,
            right & _WORD,
            (left >> _HALF) ^ d ^ key_b,
            left & _WORD,
        )
        key_a = (key_a + np.uint64(0x9E3779B9)) & _WORD
        key_b = (key_b + np.uint64(0xBB67AE85)) & _WORD
    return a, b, c, d


@compiled
def uniforms(draw, attempt):
    """Give two numbers in (0, 1), of 53 bits, odd ones, so that neither end is met.

    `draw` is (seed, replication, what for, which need): see `what_for`.
    """
    seed, replication, place, k = draw
    a, b, c, d = philox(
        (np.uint64(k) & _WORD, np.uint64(replication) & _WORD,
         np.uint64(place + attempt) & _WORD, np.uint64(place) >> _HALF),
        (np.uint64(seed) & _WORD, np.uint64(seed) >> _HALF),
    )  # fmt: skip
    return _uniform(a, b), _uniform(c, d)


@compiled
def _uniform(high, low):
    bits = (high >> np.uint64(6) << np.uint64(26)) | (low >> np.uint64(6))
    return (float(bits) + 0.5) / 4503599627370496.0


@compiled
def what_for(node, kind, purpose):
    """Pack what is drawn into one number: 24 bits of node, 16 of kind, 8; 16 more for attempts."""
    return (node << 40) + (kind << 24) + (purpose << 16)


@compiled
def duration(law, mean_s, cv, uniform, draw):
    """Draw seconds around a mean; `uniform` serves where one number is enough."""
    if law == EXPONENTIAL:
        return -mean_s * math.log(uniform)
    if law == CONSTANT:
        return mean_s
    if law == LOGNORMAL:
        return mean_s * factor(normal(draw, FIRST), cv)
    if law == GAMMA:
        return mean_s * gamma(1.0 / (cv * cv), draw) * cv * cv if cv > 0.0 else mean_s
    return math.inf


@compiled
def factor(z, cv):
    """Make a normal number lognormal, of mean one and this spread over mean."""
    spread = math.sqrt(math.log(1.0 + cv * cv))
    return math.exp(spread * z - spread * spread / 2.0)


@compiled
def normal(draw, attempt):
    """Draw from the standard normal distribution (Box and Muller)."""
    a, b = uniforms(draw, attempt)
    return math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)


@compiled
def gamma(shape, draw):
    """Draw from the gamma distribution of scale one.

    References
    ----------
    Marsaglia & Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000,
    https://doi.org/10.1145/358407.358414; each attempt is counted, so that it repeats.
    """
    boost, attempt = 1.0, FIRST
    if shape < 1.0:
        boost = uniforms(draw, attempt)[0] ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    while True:
        x, accepts = normal(draw, attempt + 1), uniforms(draw, attempt + 2)[0]
        v = (1.0 + x / math.sqrt(9.0 * d)) ** 3
        if v > 0.0 and math.log(accepts) < 0.5 * x * x + d - d * v + d * math.log(v):
            return boost * d * v
        attempt += 2
