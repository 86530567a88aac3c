"""Floors of the lab: the list, one floor, and the ways in which one comes to be."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.floor import commands, queries
from upturn.floor.engine.described.checked import unusual_sections
from upturn.floor.engine.errors import FloorError
from upturn.floor.engine.lab.practice import seats
from upturn.floor.engine.shapes import Floor
from upturn.floor.forms.floors import BeginForm, Drawing, TextForm, sentences
from upturn.floor.forms.tables import TablesForm, handed_in
from upturn.floor.models import LabFloor
from upturn.floor.views.door import for_members
from upturn.graph.engine.tabular_errors import TabularError
from upturn.record.downloads import named

if TYPE_CHECKING:
    from upturn.people.models import Person


@login_required
@require_safe
@for_members
def floors(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """All floors, and what was run last."""
    context = {
        "floors": queries.floors(viewer),
        "runs": queries.newest_runs(viewer),
        "may_draw": queries.may_draw(viewer),
        "code": commands.draw_code(),
    }
    return render(request, "floor/floors.html", context)


@login_required
@require_POST
@for_members
def example(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """One click: the example restaurant as a floor of one's own."""
    code = request.POST.get("code", "")[:40] or commands.draw_code()
    drawn = queries.example()
    made = commands.draw_floor(viewer, drawn, code=code, today=timezone.localdate())
    return redirect("floor:floor", floor=made.ref)


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def bring_in(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """A floor out of a file; what is wrong with it stands at the field, with the text."""
    commands.check_may_draw(viewer)
    refused = ""
    if handed := handed_in(request.POST, request.FILES):
        try:
            return _tables(request, TablesForm.of_file(handed[0], name=handed[1]))
        except TabularError as error:
            refused = error.sentence(_)
    form = TextForm(request.POST or None, request.FILES or None, refused=refused)
    if request.method == "POST" and form.is_valid():
        made = _made(viewer, form, form.cleaned_data["floor"], field="text")
        if made:
            messages.success(request, _("The floor is drawn. Look whether it is yours."))
            return redirect("floor:floor", floor=made.ref)
    context = {"form": form}
    return render(request, "floor/bring_in.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def begin(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """So many sections of so many tables, to be moved into place on the next page."""
    commands.check_may_draw(viewer)
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _made(viewer, form, form.floor(queries.example()), field=None)
        if made:
            return redirect("floor:draw", floor=made.ref)
    context = {"form": form}
    return render(request, "floor/begin.html", context, status=400 if form.errors else 200)


def _tables(request: HttpRequest, form: TablesForm) -> HttpResponse:
    """The dry run of a list of tables: how it is read, what needs somebody, and its plan."""
    form.is_valid()
    sketch = form.floor(queries.example()) if form.read.sections else None
    context = {
        "form": form,
        "sketch": sketch,
        "unusual": unusual_sections(sketch) if sketch else (),
    }
    return render(request, "floor/tables.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@for_members
def tables(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Look again at a list of tables with what was mended; draw it when nothing is wrong."""
    commands.check_may_draw(viewer)
    form = TablesForm(request.POST)
    if not form.is_valid() or "store" not in request.POST or form.problems:
        return _tables(request, form)
    made = _made(viewer, form, form.floor(queries.example()), field=None)
    if not made:
        return _tables(request, form)
    messages.success(request, _("The floor is drawn. Look whether it is yours."))
    return redirect("floor:floor", floor=made.ref)


def _made(
    viewer: "Person", form: BeginForm | TextForm | TablesForm, floor: Floor, *, field: str | None
) -> LabFloor | None:
    """Save a new floor, or say in the form what is wrong with it."""
    code, today = form.cleaned_data["code"], timezone.localdate()
    try:
        return commands.draw_floor(viewer, floor, code=code, today=today)
    except FloorError as error:
        for sentence in sentences(error):
            form.add_error(field, sentence)
    return None


@login_required
@require_safe
@for_members
def floor(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """One floor as it is now, and what was run on it."""
    drawn = queries.drawn(viewer, floor, number=_number(request))
    context = {
        "drawn": drawn,
        "runs": queries.runs_on(viewer, drawn.lab_floor),
        "unusual": unusual_sections(drawn.floor),
        "seats": seats(drawn.floor),
        "may_draw": queries.may_draw(viewer),
    }
    return render(request, "floor/floor.html", context)


def _number(request: HttpRequest) -> int | None:
    given = request.GET.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


@login_required
@require_safe
@for_members
def floor_toml(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """The floor as a file, for the command line or another house."""
    drawn = queries.drawn(viewer, floor, number=_number(request))
    name = slugify(drawn.lab_floor.name) or "floor"
    return named(
        HttpResponse(drawn.version.toml, content_type="application/toml; charset=utf-8"),
        f"{name}.toml",
    )


@login_required
@require_http_methods(["GET", "POST"])
@for_members
def draw(request: HttpRequest, viewer: "Person", floor: str) -> HttpResponse:
    """Move, add and take away; every save is a version of its own."""
    commands.check_may_draw(viewer)
    drawn = queries.drawn(viewer, floor)
    form = Drawing(drawn.floor, version=drawn.newest, given=request.POST or None)
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            commands.redraw_floor(
                viewer,
                drawn.lab_floor,
                form.drawn(),
                read=form.head.cleaned_data["read"],
                today=timezone.localdate(),
            )
        except FloorError as error:
            wrong = sentences(error)
        else:
            messages.success(request, _("Saved. Runs keep the version they were made on."))
            return redirect("floor:floor", floor=floor)
    bad = request.method == "POST"
    context = {"drawn": drawn, "form": form, "wrong": wrong, "bad": bad}
    return render(request, "floor/draw.html", context, status=400 if bad else 200)
