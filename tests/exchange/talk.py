"""What a device sends along with words: a check that found nothing, and drawn references."""

import itertools
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from tests.exchange import factories as make
from upturn.exchange.commands import rounds
from upturn.exchange.commands.guarding import Checked
from upturn.exchange.models import Round, Topic
from upturn.exchange.queries.guarding import guard_version

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
UNTIL = NOW + timedelta(days=2)
SAID = "We thank each other after every shift, and people stay to listen."
_drawn = itertools.count(1)


def begin_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests whose pages read the clock of the machine."""
    now = timezone.now()
    monkeypatch.setattr(f"{__name__}.NOW", now)
    monkeypatch.setattr(f"{__name__}.UNTIL", now + timedelta(days=2))


def checked(stop: str = "none", *, reason: bool = False) -> Checked:
    return Checked(guard_version(), stop, reason)


def topic(made: make.Made) -> Topic:
    found = Topic.objects.filter(exchange=made.exchange).order_by("pk").first()
    assert found is not None
    return found


def post(words: str = SAID, *, key: str = "k" * 20) -> rounds.PostDraft:
    ref = sha256(str(next(_drawn)).encode()).hexdigest()[:32]
    return rounds.PostDraft(ref=ref, key=key, words=words)


def asked(made: make.Made, kind: str = "question", *, key: str = "r1") -> Round:
    draft = rounds.RoundDraft(
        key=key, topic=topic(made).ref, kind=kind, question="What helps people care?", until=UNTIL
    )
    return rounds.open_round(made.convener, draft, checked(), now=NOW)


def answer(
    made: make.Made, row: Round, *names: str, words: str = SAID
) -> dict[str, rounds.PostDraft]:
    sent = {}
    for name in names or make.NAMES:
        sent[name] = post(f"{words} {name[0]}.")
        rounds.hand_in(made[name].sitting, row.ref, sent[name], checked(), now=NOW)
    return sent
