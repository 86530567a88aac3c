"""Browsers of an exchange's parties and of who keeps it, for tests of its pages."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.exchange.factories import Company, Made
from upturn.exchange.queries.guarding import guard_version
from upturn.exchange.queries.sittings import COOKIE


def browser_of(company: Company) -> Client:
    """The browser a company came in with."""
    client = Client()
    client.cookies[COOKIE] = company.cookie
    return client


def convener_of(made: Made) -> Client:
    """A browser in which who keeps the exchange is signed in."""
    client = Client()
    client.force_login(made.convener)
    return client


def url(made: Made, name: str, *more: object) -> str:
    """The address of a page of this exchange."""
    return reverse(f"exchange:{name}", args=[made.exchange.ref, *more])


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def guarded(**fields: str) -> dict[str, str]:
    """A form whose words passed the check on their author's device."""
    return {"guard_version": guard_version(), "guard_stop": "none", "guard_reason": "", **fields}
