"""Topics with their brakes, and opening a round."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upturn.exchange.commands import braking, rounds
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import QUESTIONS, ExchangeError, Incomplete, RoundKind
from upturn.exchange.models import RoundKind as Kinds
from upturn.exchange.models import Topic
from upturn.exchange.queries import rounds as seen
from upturn.exchange.queries.kits import begun_from
from upturn.exchange.queries.sight import is_client, is_member, is_steward
from upturn.exchange.queries.sittings import Sitting
from upturn.exchange.views.door import for_sitting, for_viewer
from upturn.exchange.views.showing import checked_of, shown
from upturn.record.forms import number

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer

DAYS = (2, 4, 7, 14)
"""How long everybody may write, to choose from."""


def words_in(request: HttpRequest, name: str) -> str:
    """Read words of a form as they were typed: browsers send each line end as two characters."""
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def seat_of(viewer: "Viewer") -> Sitting:
    """Give the seat of a viewer; raise NotYours for who keeps the exchange and sits for nobody."""
    if not isinstance(viewer, Sitting):
        raise NotYours(told(_("This is for those who take part, each for itself.")))
    return viewer


def roles(viewer: "Viewer", exchange: "Exchange") -> dict[str, bool]:
    """Say as what somebody looks, for the parts of a page.

    Companies and who keeps the exchange `act`: they take rounds and decisions on.
    """
    member, client = is_member(viewer, exchange), is_client(viewer, exchange)
    steward = is_steward(viewer, exchange)
    acts = member or not (client or steward)
    return {"member": member, "client": client, "steward": steward, "acts": acts}


@require_http_methods(["GET", "HEAD"])
@for_viewer
def talk(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Topics and rounds."""
    return _talk(request, viewer, exchange)


def _talk(
    request: HttpRequest,
    viewer: "Viewer",
    exchange: "Exchange",
    refused: ExchangeError | None = None,
) -> HttpResponse:
    topics = seen.topics(viewer, exchange)
    names = {each.ref: each.name for each in topics}
    found = seen.rounds_of(viewer, exchange, today=timezone.localdate())
    member = is_member(viewer, exchange)
    rows = [(each, names[each.topic], member and _mine(each)) for each in found]
    context = {
        "topics": topics,
        "running": [row for row in rows if row[0].phase != "over"],
        "over": [row for row in rows if row[0].phase == "over"],
        "mine": sum(mine for _each, _name, mine in rows),
        **roles(viewer, exchange),
    }
    return shown(request, "talk.html", viewer, exchange, context, refused=refused)


def _mine(row: seen.RoundSeen) -> bool:
    """Whether an answer of the own company is awaited."""
    return row.phase == "write" and not row.own


@require_POST
@for_sitting
def brakes(
    request: HttpRequest, sitting: Sitting, exchange: "Exchange", topic: str
) -> HttpResponse:
    """Stop a topic at once, without a name; lift the brakes; or have an objection put on record."""
    today, checked = timezone.localdate(), checked_of(request)
    said = words_in(request, "words")
    try:
        match request.POST.get("act"):
            case "lift":
                braking.lift_brakes(sitting, topic, today=today)
            case "object":
                braking.object_and_leave(sitting, topic, checked, words=said, today=today)
            case _:
                braking.press_brakes(sitting, topic, today=today, reason=said, checked=checked)
    except ExchangeError as error:
        return _talk(request, sitting, exchange, refused=error)
    return redirect("exchange:talk", exchange.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def new_round(request: HttpRequest, viewer: "Viewer", exchange: "Exchange") -> HttpResponse:
    """Open a round: a shipped question or one's own."""
    refused: ExchangeError | None = None
    brought = begun_from(viewer, exchange)
    own = brought.questions if brought else ()
    if request.method == "POST":
        try:
            made = rounds.open_round(
                viewer, _draft(request, own), checked_of(request), now=timezone.now()
            )
        except ExchangeError as error:
            refused = error
        except Topic.DoesNotExist:
            refused = Incomplete(told(_("Choose a topic that the brakes are not on.")))
        else:
            return redirect("exchange:round", exchange.ref, made.ref)
    context: dict[str, Any] = {
        "topics": [each for each in seen.topics(viewer, exchange) if not each.stopped_on],
        "questions": QUESTIONS,
        "from_kit": [(f"kit-{at}", words) for at, words in enumerate(own)],
        "kinds": Kinds.choices,
        "days": DAYS,
        "key": request.POST.get("key") or secrets.token_hex(16),
        **roles(viewer, exchange),
    }
    return shown(request, "round_new.html", viewer, exchange, context, refused=refused)


def _draft(request: HttpRequest, own: tuple[str, ...]) -> rounds.RoundDraft:
    """Read a round from its form; a shipped question is asked in the page's language.

    One that is about the host is asked as such.
    """
    sent = request.POST
    asked = next((each for each in QUESTIONS if each.code == sent.get("card")), None)
    brought = {f"kit-{at}": words for at, words in enumerate(own)}
    typed = words_in(request, "question")
    question, kind = brought.get(sent.get("card", ""), typed), sent.get("kind", "")
    if asked is not None:
        question = asked.words.get(sent.get("language", ""), asked.words["en"])
        kind = RoundKind.HOST.value if asked.about_host else kind
    days = min(max(number(request, "days", missing=DAYS[1]), 1), DAYS[-1])
    return rounds.RoundDraft(
        key=sent.get("key", ""),
        topic=sent.get("topic", ""),
        kind=kind,
        question=question,
        until=timezone.now() + timedelta(days=days),
    )
