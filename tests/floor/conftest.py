"""Who looks at the pages of the lab, where a test names nobody else."""

import pytest
from django.test import Client

from tests import factories as f
from tests.floor.drawn import leader


@pytest.fixture
def client() -> Client:
    return f.signed_in(leader())
