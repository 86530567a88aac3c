"""Who looks at pages where a test names nobody else; shifts that are forgotten afterwards."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests import factories as f
from tests.floor.drawn import leader
from upturn.floor.models import memory


@pytest.fixture
def client() -> Client:
    return f.signed_in(leader())


@pytest.fixture
def nobody_is_known() -> Iterator[None]:
    yield
    for ref in memory.known():
        memory.forget(ref)
