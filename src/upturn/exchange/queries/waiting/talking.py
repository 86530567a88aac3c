"""What waits of rounds, cards, decisions and the steward's desk."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from upturn.exchange.queries.decisions import decisions
from upturn.exchange.queries.guarding import held_waiting
from upturn.exchange.queries.rounds import RoundSeen, answers_as_host, rounds_of
from upturn.exchange.queries.sight import is_member, is_steward, may_convene, reads_inside
from upturn.exchange.queries.waiting.one import Waiting

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


def waiting(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    """Give what waits for the viewer here."""
    if not reads_inside(viewer, exchange):
        return
    rounds = rounds_of(viewer, exchange, today=timezone.localdate(), waiting=True)
    if is_member(viewer, exchange):
        yield from _of_company(viewer, exchange, rounds)
    if answers_as_host(viewer, exchange):
        yield from _of_host(exchange, rounds)
    yield from _of_steward(viewer, exchange)


def _of_company(
    viewer: "Viewer", exchange: "Exchange", rounds: tuple[RoundSeen, ...]
) -> "Iterator[Waiting]":
    for each in rounds:
        if each.phase == "write" and not each.own:
            said = _("Answer: “{question}”")
            yield Waiting(
                format_lazy(said, question=each.question), "round", (exchange.ref, each.ref)
            )
    for proposal in decisions(viewer, exchange, running=True):
        if not proposal.own:
            said = _("Say where you stand: “{words}”")
            words = proposal.words if len(proposal.words) <= 80 else f"{proposal.words[:79]}…"
            at = (exchange.ref, proposal.ref)
            yield Waiting(format_lazy(said, words=words), "decision", at)


def _of_host(exchange: "Exchange", rounds: tuple[RoundSeen, ...]) -> "Iterator[Waiting]":
    for each in rounds:
        if each.clock is not None and not each.answer:
            said = _("Answer what was said about you: “{question}”")
            at = (exchange.ref, each.ref)
            yield Waiting(format_lazy(said, question=each.question), "round", at)


def _of_steward(viewer: "Viewer", exchange: "Exchange") -> "Iterator[Waiting]":
    if is_steward(viewer, exchange) and (texts := held_waiting(viewer, exchange)):
        said = ngettext_lazy(
            "{n} text waits for you, sealed.", "{n} texts wait for you, sealed.", texts
        )
        yield Waiting(format_lazy(said, n=texts), "steward", (exchange.ref,))
    if may_convene(viewer, exchange) and (texts := held_waiting(viewer, exchange)):
        said = ngettext_lazy(
            "{n} text waits for the steward. Call the steward.",
            "{n} texts wait for the steward. Call the steward.",
            texts,
        )
        yield Waiting(format_lazy(said, n=texts), "guard_log", (exchange.ref,))
