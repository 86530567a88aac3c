"""Pages of instruments: what is asked, in every language, and how to add to it."""

import io
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upturn.partners import engine
from upturn.partners.commands import instruments as commands
from upturn.partners.engine import Instrument, PartnersError, Side
from upturn.partners.engine.errors import NoSuchInstrument
from upturn.partners.forms.instruments import (
    BringInForm,
    NameForm,
    QuestionForm,
    sealed,
    unsealed,
)
from upturn.partners.queries import instruments as queries
from upturn.partners.queries.seating import may_open_waves
from upturn.record.downloads import named
from upturn.voice.views.door import readers_of_words

if TYPE_CHECKING:
    from upturn.people.models import Person

OTHERWISE = gettext_lazy("There are no such questions, or they are not for you to see.")
_for_members = partial(readers_of_words, otherwise=OTHERWISE)
_Questions = formset_factory(QuestionForm, extra=engine.OWN_MOST, max_num=engine.OWN_MOST)


@login_required
@require_safe
@_for_members
def instruments(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Everything that is asked here."""
    found = queries.instruments(viewer)
    rows = [(made, _name(made), engine.instrument_hash(made)[:12]) for made in found]
    context = {"rows": rows, "may_add": may_open_waves(viewer)}
    return render(request, "partners/instruments/list.html", context)


@login_required
@require_safe
@_for_members
def instrument(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    """One instrument as its two sides see it, in the language that is chosen."""
    made = _found(key)
    language = request.GET.get("language", "")
    language = language if language in made.texts else _language(made)
    older = queries.versions(viewer, key)[1:2]
    context = {
        "made": made,
        "name": engine.text_of(made, "name", language=language),
        "about": engine.text_of(made, "about", language=language),
        "digest": engine.instrument_hash(made)[:12],
        "shown_in": get_language_info(language),
        "languages": [get_language_info(code) for code in made.texts if code in engine.LANGUAGES],
        "missing": engine.missing_texts(made, language=language),
        "sides": [_as_asked(made, side, language) for side in _sides(made)],
        "changes": engine.changes(older[0], made) if older else (),
        "may_add": may_open_waves(viewer),
    }
    return render(request, "partners/instruments/instrument.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@_for_members
def own(request: HttpRequest, viewer: "Person", key: str) -> HttpResponse:
    """Add questions to a copy; what cannot be asked comes back with the reason."""
    made = _found(key)
    _may_make(viewer)
    copied = key in engine.BUILT_IN
    name = NameForm(request.POST or None, initial={"name": "" if copied else _name(made)})
    rows = _Questions(request.POST or None, form_kwargs={"made": made})
    if request.method == "POST" and name.is_valid() and rows.is_valid():
        asked = [question for row in rows if (question := row.question())]
        try:
            added = commands.add_questions(
                viewer, base=key, questions=asked, name=name.cleaned_data["name"],
                today=timezone.localdate(),
            )  # fmt: skip
        except PartnersError as refused:
            name.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept. It can be asked in the next wave."))
            return redirect("partners:instrument", key=added.key)
    status = 400 if name.errors or (request.method == "POST" and not rows.is_valid()) else 200
    context = {"made": made, "title": _name(made), "name": name, "rows": rows}
    return render(request, "partners/instruments/own.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
@_for_members
def bring_in(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Bring questions in from LimeSurvey: first what would be taken and lost, then one button."""
    _may_make(viewer)
    if "sealed" in request.POST:
        return _keep(request, viewer)
    form = BringInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = _taken(form)
        except PartnersError as refused:
            form.add_error("file", str(refused))
        else:
            return render(request, "partners/instruments/dry_run.html", _dry_run(taken))
    status = 400 if form.errors else 200
    return render(request, "partners/instruments/bring_in.html", {"form": form}, status=status)


def _taken(form: BringInForm) -> engine.Taken:
    given = form.cleaned_data
    data = given["file"].read()
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        questions = engine.read_xml(data)
    else:
        questions, _titles = engine.read_tsv(data)
    return engine.take(
        questions,
        key="brought-in",
        names={"en": given["name"]},
        licence=given["licence"],
        source=given["file"].name[:80],
    )


def _dry_run(taken: engine.Taken) -> dict[str, Any]:
    made = taken.instrument
    return {
        "made": made,
        "name": _name(made),
        "sides": [_as_asked(made, side, "en") for side in _sides(made)],
        "lost": taken.lost,
        "sealed": sealed(made),
    }


def _keep(request: HttpRequest, viewer: "Person") -> HttpResponse:
    try:
        kept = commands.bring_in(
            viewer, unsealed(request.POST["sealed"]), today=timezone.localdate()
        )
    except (BadSignature, PartnersError) as refused:
        stale = _("The page was open for too long. Choose the file once more.")
        form = BringInForm()
        context = {"form": form, "refused": stale if isinstance(refused, BadSignature) else refused}
        return render(request, "partners/instruments/bring_in.html", context, status=400)
    messages.success(request, _("Brought in. It can be asked in the next wave."))
    return redirect("partners:instrument", key=kept.key)


@login_required
@require_safe
@_for_members
def lime_questions(_request: HttpRequest, _viewer: "Person", key: str) -> HttpResponse:
    """The questions as LimeSurvey imports them, one file each."""
    made = _found(key)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, question in enumerate(engine.lime_questions(made), 1):
            file = zipfile.ZipInfo(f"{n:02d}-{question.code}.lsq")
            archive.writestr(file, engine.write_lsq(question, languages=list(made.texts)))
    return _file(out.getvalue(), f"{key}-questions.zip", kind="application/zip")


@login_required
@require_safe
@_for_members
def lime_table(_request: HttpRequest, _viewer: "Person", key: str) -> HttpResponse:
    """The questions as one table that LimeSurvey imports as a survey."""
    made = _found(key)
    languages = list(made.texts)
    titles = {code: engine.text_of(made, "name", language=code) for code in languages}
    table = engine.write_tsv(engine.lime_questions(made), titles=titles, languages=languages)
    return _file(table, f"{key}-structure.txt", kind="text/tab-separated-values; charset=utf-8")


def _file(data: bytes, name: str, *, kind: str) -> HttpResponse:
    return named(HttpResponse(data, content_type=kind), name)


def _found(key: str) -> Instrument:
    try:
        return queries.instrument(key)
    except NoSuchInstrument:
        raise Http404(str(OTHERWISE)) from None


def _may_make(viewer: "Person") -> None:
    if not may_open_waves(viewer):
        raise Http404(str(OTHERWISE))


def _language(made: Instrument) -> str:
    now = translation.get_language() or "en"
    return now if now in made.texts else "en"


def _name(made: Instrument) -> str:
    return engine.text_of(made, "name", language=_language(made))


def _sides(made: Instrument) -> tuple[Side, ...]:
    return tuple(dict.fromkeys(side for item in made.items for side in item.sides))


def _as_asked(made: Instrument, side: Side, language: str) -> tuple[Side, list[dict[str, Any]]]:
    """What one side is asked, with the answers it can give."""
    return side, [
        {
            "item": item,
            "words": made.wording(item, side=side, language=language).replace("{other}", "…"),
            "lead": engine.text_of(made, f"{item.group}.group.{side}", language=language),
            "answers": engine.choice_names(made, item, language=language)
            or engine.scale(item.form, language=language),
        }
        for item in made.for_side(side)
    ]
