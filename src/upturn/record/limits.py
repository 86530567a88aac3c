"""How much a process takes of one kind in a minute."""

from collections.abc import Mapping

from django.core.cache import cache
from django.utils import timezone


def is_over(limits: Mapping[str, int]) -> bool:
    """Count under each name, in order until one is over, and say whether one was this minute."""
    minute = int(timezone.now().timestamp()) // 60
    return any(_count(f"{name}:{minute}") > most for name, most in limits.items())


def has_reached(limits: Mapping[str, int]) -> bool:
    """Say whether one of these was counted up to its limit this minute, and count nothing."""
    minute = int(timezone.now().timestamp()) // 60
    return any(cache.get(f"{name}:{minute}", 0) >= most for name, most in limits.items())


def _count(key: str) -> int:
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key)
    except ValueError:  # the cache made room for something else
        return 1
