"""The house that is attacked."""

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.attacks.scene import Scene, build


@pytest.fixture
def clean_house(settings: Settings, tmp_path: Path) -> None:
    """A folder of its own, quick passwords, and nothing kept of an earlier scene."""
    settings.DATA = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def scene(clean_house: None) -> Scene:
    return build()
