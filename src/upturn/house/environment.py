"""One value of the environment by its name, refused by its name when it cannot be used."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

PREFIX = "UPTURN_"
ELSEWHERE = frozenset({"UPTURN_CI", "UPTURN_ORGANISATION", "UPTURN_OWNER"})
"""Names that the tests and ``upturn init`` read themselves."""
_asked = set(ELSEWHERE)


def refuse(name: str, value: str, help_text: str) -> NoReturn:
    msg = f"{name}={value!r} cannot be used. {help_text}"
    raise ImproperlyConfigured(msg)


def text(name: str, default: str = "") -> str:
    """Value of ``name``, or the content of the file that ``name_FILE`` points to."""
    _asked.add(name)
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default).strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        refuse(f"{name}_FILE", path, f"The file cannot be read: {why}.")


def boolean(name: str, default: str = "no") -> bool:
    value = text(name, default).lower()
    if value in {"yes", "true", "on", "1"}:
        return True
    if value in {"no", "false", "off", "0"}:
        return False
    refuse(name, value, "Write yes or no.")


def whole(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name, str(default))
    if value.isdecimal() and low <= int(value) <= high:
        return int(value)
    refuse(name, value, f"Write a whole number from {low} to {high}.")


def folder(name: str) -> str:
    """A folder that is there, or nothing."""
    value = text(name)
    if value and not Path(value).is_dir():
        refuse(name, value, "There is no such folder.")
    return value


def one_of(name: str, default: str, allowed: Collection[str]) -> str:
    value = text(name, default)
    if value in allowed:
        return value
    known = ", ".join(sorted(allowed)) if len(allowed) < 20 else "a name such as Europe/Berlin"
    refuse(name, value, f"Known: {known}.")


def hosts(name: str, default: str) -> list[str]:
    value = text(name, default)
    found = [host.strip() for host in value.split(",") if host.strip()]
    if not found or any("/" in host for host in found):
        refuse(name, value, "Write host names without https://, divided by commas.")
    return found


def known() -> list[str]:
    """Every name that has been asked for."""
    return sorted(_asked)


def unknown() -> list[str]:
    """Names in the environment that look like ours and mean nothing, such as a misspelt one."""
    given = (name for name in os.environ if name.startswith(PREFIX))
    return sorted(name for name in given if name.removesuffix("_FILE") not in _asked)


def joined_with(values: dict[str, str]) -> dict[str, str]:
    """Give another program this environment and ``values``."""
    return os.environ | values
