"""A page for people outside is written, cleared by every party, and withdrawn by any of them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import acting, log
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import NotYours, Overtaken, told
from upturn.exchange.commands.rounds import on_behalf
from upturn.exchange.engine import Act, Incomplete
from upturn.exchange.models import Clearance, Exchange, Outcome, OutsiderPage, PartyKind
from upturn.exchange.queries.sight import Viewer
from upturn.exchange.queries.sittings import Sitting

STORY_MOST, NUMBERS, NUMBER_MOST, WORDS_MOST, DESIGN_MOST = 2000, 3, 120, 300, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """A story and three numbers, each a line in words."""

    story: str
    numbers: tuple[str, ...]


def digest_of(draft: PageDraft) -> str:
    """Give the mark of a page's text, which every party clears."""
    plain = json.dumps([draft.story, list(draft.numbers)], ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def write_page(
    viewer: Viewer, exchange: Exchange, draft: PageDraft, checked: Checked, *, today: date
) -> OutsiderPage:
    """Write a page for outsiders; nobody outside reads it before all cleared this very text.

    Raises
    ------
    Exchange.DoesNotExist, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    row = _within(viewer, exchange, Act.POST)
    tidied = PageDraft(
        story=draft.story.strip(),
        numbers=tuple(tidy(each, most=NUMBER_MOST) for each in draft.numbers),
    )
    whole = 0 < len(tidied.story) <= STORY_MOST and all(tidied.numbers)
    if not whole or len(tidied.numbers) != NUMBERS:
        raise Incomplete(told(_("A page has a story and three numbers, each in a line.")))
    pass_guard(row, checked, tidied.story, *tidied.numbers)
    mark = digest_of(tidied)
    last = OutsiderPage.objects.filter(exchange=row).order_by("number").last()
    if last is not None and last.digest == mark:
        return last
    made = OutsiderPage.objects.create(
        exchange=row,
        number=last.number + 1 if last else 1,
        story=tidied.story,
        numbers=list(tidied.numbers),
        digest=mark,
        on=today,
    )
    log(viewer, "write page for outsiders", row)
    return made


def _within(viewer: Viewer, exchange: Exchange, act: Act) -> Exchange:
    if isinstance(viewer, Sitting) and viewer.exchange != exchange.pk:
        raise Exchange.DoesNotExist
    return on_behalf(viewer, exchange, act)


@transaction.atomic
def clear_page(sitting: Sitting, number: int, *, digest: str, today: date) -> OutsiderPage:
    """Clear a page for outsiders: this text and no other.

    Raises
    ------
    OutsiderPage.DoesNotExist, Overtaken, NotYours
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.READ)
    if party.kind == PartyKind.STEWARD:
        raise NotYours(told(_("The companies and their client clear what is said of them.")))
    row = OutsiderPage.objects.get(exchange=exchange, number=number)
    if row.digest != digest:
        raise Overtaken
    _clearance, new = Clearance.objects.get_or_create(page=row, party=party, defaults={"on": today})
    if new:
        log(sitting, "clear page", exchange)
    return row


@transaction.atomic
def take_back_clearance(sitting: Sitting, number: int) -> None:
    """Take the own clearance back, at once and without a reason; the page is gone for outsiders.

    Raises
    ------
    OutsiderPage.DoesNotExist
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.READ)
    row = OutsiderPage.objects.get(exchange=exchange, number=number)
    gone, _each = Clearance.objects.filter(page=row, party=party).delete()
    if gone:
        log(sitting, "take back clearance", exchange)


@transaction.atomic
def note_outcome(
    viewer: Viewer,
    exchange: Exchange,
    checked: Checked,
    *,
    words: str,
    today: date,
    design: str = "",
) -> Outcome:
    """Note what somebody says came of it; without a design it stays claimed.

    Raises
    ------
    Exchange.DoesNotExist, Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    row = _within(viewer, exchange, Act.POST)
    said = tidy(words, most=WORDS_MOST)
    if not said:
        raise Incomplete(told(_("Say in a line what came of it.")))
    pass_guard(row, checked, said)
    made, new = Outcome.objects.get_or_create(
        exchange=row, words=said, design=tidy(design, most=DESIGN_MOST), on=today
    )
    if new:
        log(viewer, "note outcome", row)
    return made
