"""A round: everybody writes, then everybody reads; ideas are built on, rest and are weighed."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upturn.exchange.commands import rounds
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import ExchangeError
from upturn.exchange.engine.likeness import YOUNG
from upturn.exchange.engine.lists import YOUNG_TEAM, shipped_question
from upturn.exchange.models import Post
from upturn.exchange.queries import rounds as seen
from upturn.exchange.queries.cards import cards
from upturn.exchange.queries.likeness import alike
from upturn.exchange.views.door import for_viewer
from upturn.exchange.views.showing import checked_of, shown
from upturn.exchange.views.talking import roles, seat_of, words_in

if TYPE_CHECKING:
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sight import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
@for_viewer
def one(request: HttpRequest, viewer: "Viewer", exchange: "Exchange", asked: str) -> HttpResponse:
    """A round as it stands, and what the viewer does in it."""
    refused: ExchangeError | None = None
    seen.check_same(seen.round_by_ref(viewer, asked).topic.exchange_id, exchange)
    if request.method == "POST":
        try:
            _does(request, viewer, asked)
        except ExchangeError as error:
            refused = error
        except Post.DoesNotExist:
            refused = NotYours(told(_("This was taken back, or is not yours. Look again.")))
        else:
            return redirect("exchange:round", exchange.ref, asked)
    row = seen.round_seen(viewer, asked, today=timezone.localdate())
    young = shipped_question(row.question) == YOUNG_TEAM
    context = {
        "round": row,
        "topic": seen.topic_names(viewer, exchange)[row.topic],
        "ideas": _ideas(row),
        "alike": alike(viewer, exchange),
        "young": young,
        "practices": cards(viewer, exchange, team=YOUNG) if young else (),
        "next": seen.next_phase(viewer, asked, now=timezone.now()),
        "steps": seen.own_steps(viewer, asked),
        "answers_as_host": seen.answers_as_host(viewer, exchange),
        **roles(viewer, exchange),
    }
    return shown(request, "round.html", viewer, exchange, context, refused=refused)


def _ideas(row: seen.RoundSeen) -> list[tuple[seen.PostSeen, list[seen.PostSeen]]]:
    """Give what was said, each with what was built on it."""
    ideas = [post for post in row.posts if not post.builds_on]
    known = {post.ref for post in ideas}
    built = [post for post in row.posts if post.builds_on in known]
    return [(idea, [each for each in built if each.builds_on == idea.ref]) for idea in ideas]


def _does(request: HttpRequest, viewer: "Viewer", asked: str) -> None:
    sent, now, checked = request.POST, timezone.now(), checked_of(request)
    today = timezone.localdate(now)
    match sent.get("act"):
        case "say":
            rounds.hand_in(seat_of(viewer), asked, _draft(request), checked, now=now)
        case "build":
            post = sent.get("on", "")
            rounds.build_on(seat_of(viewer), asked, post, _draft(request), checked)
        case "mark":
            rounds.mark_us_too(seat_of(viewer), asked, tuple(sent.getlist("post")))
        case "pull":
            post, key = sent.get("post", ""), sent.get("key", "")
            rounds.pull(seat_of(viewer), asked, post, key=key, today=today)
        case "turn":
            rounds.take_turn(seat_of(viewer), asked, sent.get("step", ""))
        case "answer":
            words = words_in(request, "words")
            rounds.answer_as_host(viewer, asked, checked, answer=words, today=today)
        case _:
            rounds.go_on(viewer, asked, sent.get("to", ""), now=now)


def _draft(request: HttpRequest) -> rounds.PostDraft:
    sent = request.POST
    return rounds.PostDraft(
        ref=sent.get("ref", ""), key=sent.get("key", ""), words=words_in(request, "words")
    )
