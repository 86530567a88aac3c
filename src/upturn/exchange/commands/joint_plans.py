"""What a joint plan may carry: a focus week with its lots, and a product counsel has read."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import changed, convening, log
from upturn.exchange.commands.hosting import CounselsWord, tidy
from upturn.exchange.commands.refusals import NotReady, NotYours, told
from upturn.exchange.engine import Incomplete, Outcome, focus_weeks
from upturn.exchange.models import Decision, Exchange, Focus, SignOff
from upturn.exchange.queries.decisions import deciders, decision_by_ref
from upturn.exchange.queries.joint_plans import makes_products, plan_seen
from upturn.exchange.queries.kept import AGREED
from upturn.stats.draws import generator

if TYPE_CHECKING:
    from upturn.exchange.commands.decisions import DecisionDraft
    from upturn.people.models import Person

LOTS = "focus week"
"""The stream of random numbers lots are drawn from; with the seed anybody can draw them again."""


def check_plan(exchange: Exchange, draft: "DecisionDraft", *, today: date) -> None:
    """Refuse a joint plan without an outcome, a week without a day, a product where none is made.

    Raises
    ------
    Incomplete, NotYours
    """
    if not draft.collective:
        if draft.focus or draft.product:
            raise Incomplete(told(_("A focus week and a product are of joint plans.")))
        return
    if not draft.customer_outcome.strip():
        raise Incomplete(told(_("A joint plan names what gets better for customers.")))
    if draft.focus:
        _check_focus(draft, today=today)
    if draft.product and not makes_products(exchange):
        said = _("Products are made together only among peers without a client.")
        raise NotYours(told(said))


def _check_focus(draft: "DecisionDraft", *, today: date) -> None:
    if draft.focus not in Focus.values or draft.focus_from is None or draft.focus_from < today:
        said = _("Say from which day on the focus week may be, today or later.")
        raise Incomplete(told(said))


def set_weeks(row: Decision, *, today: date) -> None:
    """Give each part of an agreed plan the Monday of its focus week, once, as the plan closes."""
    if not row.focus or row.focus_from is None or row.outcome not in AGREED:
        return
    parts = list(row.parts.filter(party__in=deciders(row), abstains=False).order_by("party"))
    weeks = focus_weeks(
        [str(part.pk) for part in parts],
        first=max(row.focus_from, today),
        draws=generator(row.focus_seed or 0, LOTS),
        together=row.focus == Focus.TOGETHER,
    )
    for part in parts:
        part.starts_on = weeks[str(part.pk)]
        part.save(update_fields=["starts_on"])


def check_counsel(row: Decision, ended: Outcome | None) -> None:
    """Refuse to agree on a product of companies that compete before counsel has read this plan.

    Raises
    ------
    NotReady
    """
    if ended in AGREED and plan_seen(row).waits:
        said = _("A product made together waits for counsel’s word on this plan.")
        raise NotReady(("counsel",), said)


@transaction.atomic
def log_counsel(
    viewer: "Person", ref: str, word: CounselsWord, checked: Checked, *, today: date
) -> SignOff:
    """Log what a named counsel said of a product; the same words a second time are the same.

    Raises
    ------
    Decision.DoesNotExist, Exchange.DoesNotExist, NotYours, Incomplete, GuardStopped, RulesBroken
    """
    row, exchange = _product(viewer, ref)
    counsel, words = tidy(word.counsel, most=80), tidy(word.words, most=400)
    if not counsel or not words:
        raise Incomplete(told(_("A sign-off has the name of counsel and what counsel said.")))
    pass_guard(exchange, checked, counsel, words)
    made, new = SignOff.objects.get_or_create(
        exchange=exchange,
        decision=row,
        counsel=counsel,
        words=words,
        withdrawn_on=None,
        defaults={"on": today},
    )
    if new:
        changed(exchange)
        log(viewer, "log sign-off", exchange)
    return made


@transaction.atomic
def withdraw_counsel(viewer: "Person", ref: str, *, today: date) -> None:
    """Take counsel's word on a product back from today on; it stays in the log.

    Raises
    ------
    Decision.DoesNotExist, Exchange.DoesNotExist, NotYours
    """
    row, exchange = _product(viewer, ref)
    if row.counsels_words.filter(withdrawn_on=None).update(withdrawn_on=today):
        changed(exchange)
        log(viewer, "withdraw sign-off", exchange)


def _product(viewer: "Person", ref: str) -> tuple[Decision, Exchange]:
    """Give a plan for a product that is still open, with its exchange held for who keeps it."""
    row = decision_by_ref(viewer, ref)
    exchange = convening(viewer, row.topic.exchange)
    row.refresh_from_db()
    if not row.product or row.outcome:
        raise NotYours(told(_("This is no plan for a product that is still open.")))
    return row, exchange
