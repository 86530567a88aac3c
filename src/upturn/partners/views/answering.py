"""What somebody opens with an invitation: no account, no cookie, no line in any log."""

import json
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from upturn.partners import commands, engine, queries
from upturn.partners.engine import Problem, Sheet, Trouble
from upturn.partners.engine.errors import NotCast
from upturn.partners.forms.answering import BODY_BYTES_MAX, Given, Step, given, held, steps
from upturn.partners.queries.instruments import house_words
from upturn.people.queries import organisation_name
from upturn.record.errors import NotStored
from upturn.record.kept import keep

LOST, GONE, TOO_LARGE, BUSY = 404, 410, 413, 503
AGAIN = frozenset({"unfit", "too_long"})
NEVER_THERE = frozenset({"forged", "foreign"})
BLIND = "blind_"  # sentences that say something else where tokens admit answers
FOR_SCRIPT = ("step", "left", "seconds", "minutes", "back", "next", "skip", "look", "look_hint",
              "look_left_out", "look_change", "send", "sending", "lost", "busy", "split_hours",
              "problem_split", "rare_heading", "rare_hint", "rare_rare", "rare_name",
              "rare_number", "rare_date", "rare_alone")  # fmt: skip


@csrf_exempt  # a form that changes nothing of anybody's account, and that must not set a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the card asks, and put the answers into the box."""
    with translation.override(language_of(request)):
        asked = queries.sheet(token)
        if isinstance(asked, queries.Refused):
            return refused(request, asked.reason)

        def put(come: Given) -> None:
            commands.cast(token, come.answers, come.words)

        return sheet_page(request, asked, put=put)


def sheet_page(request: HttpRequest, asked: Sheet, *, put: Callable[[Given], None]) -> HttpResponse:
    """Show a sheet, and put what comes back; whatever goes wrong, the answers stay in the form."""
    if request.method != "POST":
        return _blank(request, asked)
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        return _ask(request, asked, Given(), status=TOO_LARGE)
    return _answered(request, asked, put)


def _blank(request: HttpRequest, asked: Sheet) -> HttpResponse:
    """Give the page before anything is filled in; it is the same for all cards of a seat."""
    body = keep(
        ("sheet page", asked.wave, asked.seat, _now()),
        as_of=(organisation_name(), house_words()),
        read=lambda: _ask(request, asked, Given()).content,
    )
    return HttpResponse(body, headers={"Content-Language": _now()})


def _answered(request: HttpRequest, asked: Sheet, put: Callable[[Given], None]) -> HttpResponse:
    come = given(asked, request.POST.dict())
    problems = engine.check_answers(asked, come.answers, come.words)
    if problems:
        return _ask(request, asked, come, problems=problems, status=400)
    try:
        put(come)
    except NotCast as error:
        if error.reason in AGAIN:
            return _ask(request, asked, come, status=TOO_LARGE)
        return refused(request, error.reason, blind=asked.blind)
    except NotStored:
        return _ask(request, asked, come, status=BUSY)
    return page(request, "sent", {"asked": asked, "say": sentences(asked)})


def _ask(
    request: HttpRequest,
    asked: Sheet,
    come: Given,
    *,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    language = translation.get_language()
    laid_out = steps(asked, language=language, given=come, problems=problems)
    say = sentences(asked, laid_out)
    context = {
        "asked": asked,
        "steps": laid_out,
        "say": say,
        "status": status,
        "problems": problems,
        "nothing": any(problem.trouble is Trouble.NOTHING for problem in problems),
        "languages": [get_language_info(code) for code in engine.LANGUAGES],
        "for_script": json.dumps({key: say[key] for key in FOR_SCRIPT}, ensure_ascii=False),
        "words_most": str(engine.WORDS_MOST),
        "vocabulary": " ".join(house_words()),
        "held": held(request.POST.dict()),
    }
    response = page(request, "answer", context, status=status)
    if status == BUSY:
        response["Retry-After"] = "5"
    return response


def refused(request: HttpRequest, reason: str, *, blind: bool = False) -> HttpResponse:
    """Say why there is nothing to answer."""
    say = _spoken({}, blind=blind)
    context = {
        "say": say,
        "heading": say[f"refused_{reason}"],
        "help": say[f"refused_{reason}_help"],
        "used": reason == "used",
    }
    return page(request, "refused", context, status=LOST if reason in NEVER_THERE else GONE)


def page(
    request: HttpRequest, name: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    whole = {**context, "by": organisation_name()}
    response = render(request, f"partners/answering/{name}.html", whole, status=status)
    response["Content-Language"] = _now()
    return response


def language_of(request: HttpRequest) -> str:
    """As chosen on the page, else as the device asks; nothing is kept of it."""
    chosen = request.POST.get("language") or request.GET.get("language", "")
    return chosen if chosen in engine.LANGUAGES else _now()


def _now() -> str:
    return translation.get_language() or "en"


class _Later(dict[str, object]):
    """Places that the script fills later stay as they are."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def sentences(asked: Sheet, laid_out: tuple[Step, ...] = ()) -> dict[str, str]:
    """Give every sentence of these pages, filled in for a sheet."""
    say = _spoken(
        {
            "asks": asked.asks,
            "people": asked.people,
            "k": asked.k,
            "words_k": asked.words_k,
            "seat": asked.seat_name,
            "share": round(100 * asked.deniable),
            "day": date_format(asked.closes_on, "DATE_FORMAT"),
        },
        blind=asked.blind,
    )
    time = _time(sum(step.seconds for step in laid_out), say)
    return say | {"length": say["length"].format(n=len(laid_out), time=time)}


def _spoken(values: Mapping[str, object], *, blind: bool = False) -> dict[str, str]:
    """Give every sentence, under a name that a template can write."""
    escaped = _Later({name: escape(value) for name, value in values.items()})
    said: dict[str, str] = {
        key.replace(".", "_"): mark_safe(words.format_map(escaped))  # noqa: S308 - ours, and escaped
        for key, words in engine.page_words(_now()).items()
    }
    other = {key: words for key, words in said.items() if blind and key.startswith(BLIND)}
    return said | {key.removeprefix(BLIND): words for key, words in other.items()}


def _time(seconds: int, say: Mapping[str, str]) -> str:
    """Half minutes up to two minutes, then whole ones."""
    if seconds <= 100:
        return say["seconds"].format(n=max(30 * round(seconds / 30), 30))
    return say["minutes"].format(n=max(round(seconds / 60), 2))


@require_safe
@cache_control(public=True, max_age=86_400)
def common_words(_request: HttpRequest, language: str) -> JsonResponse:
    """Words that tell nothing of anybody, for the look-up on the device."""
    return JsonResponse(engine.vocabulary(language), json_dumps_params={"ensure_ascii": False})
