"""The shipped questions stand where a round begins."""

import html

import pytest
from django.urls import reverse

from tests.exchange import factories as make
from tests.exchange.pages import browser_of
from upturn.exchange.engine import QUESTIONS

ASKED = ("S3.10", "S3.11", "S3.12", "S3.13", "S3.14", "S3.48")


@pytest.mark.django_db
def test_each_shipped_question_can_be_asked() -> None:
    made = make.opened(names=make.NAMES[:3])
    page = browser_of(made["Amber"]).get(reverse("exchange:round_new", args=[made.exchange.ref]))
    said = html.unescape(page.content.decode())
    shipped = {each.seed: each.words for each in QUESTIONS}
    assert [seed for seed in ASKED if shipped[seed]["en"] not in said] == []
