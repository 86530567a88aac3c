"""Pages on who is in: joining, inviting, who belongs where, keys, language, the demo's doors."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import segno
from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upturn.people import commands, queries
from upturn.people.forms import (
    InviteForm,
    JoinForm,
    LanguageForm,
    PasswordForm,
    PlaceForm,
    RoleForm,
    TokenForm,
    remember_language,
)
from upturn.people.models import Invitation, Membership, Person, Role, Scope
from upturn.people.queries import IN_SHORT

View = Callable[..., HttpResponse]
confirmed = cast("Callable[[View], View]", reauthentication_required)
in_turn = cast("Callable[[View], View]", rate_limit(action="signup"))
ROWS = 50


def _viewer(request: HttpRequest) -> Person:
    return cast("Person", request.user)


def _for_administrators(view: View) -> View:
    """Refuse before anything is asked or looked up."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.is_administrator(_viewer(request)):
            raise commands.Refused(_("Only administrators do this. Ask one of them."))
        return view(request, *args, **kwargs)

    return cast("View", wrapped)


def _page(
    request: HttpRequest, template: str, *, refused: bool = False, **context: Any
) -> HttpResponse:
    return render(request, f"people/{template}.html", context, status=400 if refused else 200)


@sensitive_post_parameters("password")
@in_turn
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by a link or a printed code; a link for one person is a way back."""
    invitation = queries.invitation_by_token(token)
    try:
        if invitation is None:
            raise commands.Spent
        if invitation.person is not None:
            return _way_back(request, token, invitation.person)
        if request.user.is_authenticated:
            return _join_as(request, token, invitation)
        return _join(request, token, invitation)
    except commands.Spent as spent:
        return render(request, "people/spent.html", {"sentence": str(spent)}, status=410)


def _join(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if form.is_valid():
        try:
            person = commands.join(token, **form.cleaned_data)
        except commands.Taken as taken:
            form.add_error("username", str(taken))
        else:
            return _sign_in(request, person)
    return _page(
        request,
        "join",
        refused=bool(form.errors),
        form=form,
        invitation=invitation,
        short=IN_SHORT[invitation.role],
    )


def _join_as(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    if request.method == "POST":
        commands.join_as(_viewer(request), token)
        messages.success(request, _("You belong to %(party)s now.") % {"party": invitation.party})
        return redirect("house:home")
    return _page(request, "join_as", invitation=invitation)


def _way_back(request: HttpRequest, token: str, person: Person) -> HttpResponse:
    form = PasswordForm(request.POST or None, person=person)
    if form.is_valid():
        return _sign_in(request, commands.choose_password(token, form.cleaned_data["password"]))
    return _page(request, "way_back", refused=bool(form.errors), form=form, person=person)


def _sign_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign in by allauth, so that second factors and its other steps are passed too."""
    return cast("HttpResponse", perform_login(request, person))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read on in another language, on the page one came from."""
    form = LanguageForm(request.POST)
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        onward = reverse("house:home")
    response = HttpResponseRedirect(onward)
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        if request.user.is_authenticated:
            commands.speak(_viewer(request), language=chosen)
        with override(chosen):
            said = _("From now on in this language: %(name)s.")
        messages.success(request, said % {"name": dict(settings.LANGUAGES)[chosen]})
        remember_language(response, chosen)
    return response


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    if not queries.may_invite(viewer):
        raise commands.Refused(_("This page is for those who let people into teams."))
    seats = cast("list[queries.Seat]", queries.Seats(viewer))
    page = Paginator(seats, ROWS).get_page(request.GET.get("page"))
    return _page(
        request,
        "people",
        page=page,
        invitations=queries.open_invitations(viewer)[:ROWS],
        unplaced=queries.unplaced(viewer)[:ROWS] if page.number == 1 else [],
        administrator=queries.is_administrator(viewer),
        everywhere=queries.places_to_fill(viewer) is None,
    )


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    if not queries.may_invite(viewer):
        raise commands.Refused(_("Leaders invite into their teams, administrators into all."))
    form = InviteForm(viewer, request.POST or None, initial={"party": request.GET.get("party")})
    if form.is_valid():
        invitation, token = commands.invite(viewer, **form.welcome())
        return _shown_once(request, invitation, token)
    in_short = [(choice.label, IN_SHORT[choice]) for choice in queries.grants(viewer)]
    return _page(request, "invite", refused=bool(form.errors), form=form, in_short=in_short)


def _shown_once(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Answer the POST itself: a redirect would have to keep the token somewhere."""
    link = request.build_absolute_uri(reverse("people:join", args=[token]))
    return _page(request, "invitation_once", invitation=invitation, link=link, picture=_code(link))


def _code(link: str) -> SafeString:
    """Draw a QR code as SVG with attributes only; its content is the link and nothing else."""
    made = segno.make(link, error="m", micro=False)
    drawn = made.svg_inline(scale=1, border=4, light="#fff", svgclass="code-picture", omitsize=True)
    return SafeString(drawn)


@login_required
@require_POST
def take_back(request: HttpRequest, invitation_id: int) -> HttpResponse:
    viewer = _viewer(request)
    try:
        invitation = queries.open_invitations(viewer).get(pk=invitation_id)
    except Invitation.DoesNotExist as error:
        raise Http404(_("There is no such invitation any more.")) from error
    commands.take_back(viewer, invitation)
    messages.success(request, _("The invitation has ended. Its link and code let nobody in."))
    return redirect("people:people")


def _person(viewer: Person, username: str) -> Person:
    try:
        return queries.person(viewer, username)
    except Person.DoesNotExist as error:
        raise Http404(_("There is nobody of this name whom you may open.")) from error


@login_required
@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    found = _person(viewer, username)
    rows = [(row, queries.may_place(viewer, row.party_id)) for row in queries.memberships_of(found)]
    return _page(
        request,
        "person",
        person=found,
        rows=rows,
        place_form=PlaceForm(viewer),
        role_form=RoleForm(initial={"role": found.role}),
        administrator=queries.is_administrator(viewer),
    )


@login_required
@require_POST
def place(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    found = _person(viewer, username)
    form = PlaceForm(viewer, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        commands.place(viewer, found, party_id=given["party"].pk, leads=given["leads"])
        messages.success(request, _("Noted: %(name)s, %(party)s.") % _said(found, given["party"]))
    else:
        messages.error(request, _("Choose a party from the list."))
    return redirect("people:person", username=username)


def _said(person: Person, party: object) -> dict[str, object]:
    return {"name": person.display_name, "party": party}


@login_required
@require_POST
def end_membership(request: HttpRequest, membership_id: int) -> HttpResponse:
    viewer = _viewer(request)
    try:
        found = queries.membership(viewer, membership_id)
    except Membership.DoesNotExist as error:
        raise Http404(_("This membership has ended already, or is not yours to end.")) from error
    commands.end_membership(viewer, found)
    said = {"name": found.person.display_name, "party": found.party}
    messages.success(request, _("%(name)s does not belong to %(party)s any more.") % said)
    return redirect("people:people")


@_for_administrators
@require_POST
@confirmed
def role(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    found, form = _person(viewer, username), RoleForm(request.POST)
    if form.is_valid():
        commands.change_role(viewer, found, role=Role(form.cleaned_data["role"]))
        messages.success(request, _("The role is changed."))
    return redirect("people:person", username=username)


@_for_administrators
@require_POST
@confirmed
def close(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    commands.close_account(viewer, _person(viewer, username))
    messages.success(request, _("The account is closed and all memberships have ended."))
    return redirect("people:person", username=username)


@_for_administrators
@require_POST
def reopen(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    commands.open_account(viewer, _person(viewer, username))
    messages.success(request, _("The account is open again. It belongs to no team yet."))
    return redirect("people:person", username=username)


@_for_administrators
@require_POST
@confirmed
def erase(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    commands.erase_person(viewer, _person(viewer, username))
    messages.success(request, _("The names are erased. What was written stays with the team."))
    return redirect("people:people")


@_for_administrators
@require_POST
@confirmed
def way_back(request: HttpRequest, username: str) -> HttpResponse:
    viewer = _viewer(request)
    invitation, token = commands.offer_way_back(viewer, _person(viewer, username))
    return _shown_once(request, invitation, token)


@_for_administrators
@require_http_methods(["GET", "POST"])
@confirmed
def tokens(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    form, key = TokenForm(request.POST or None), ""
    if form.is_valid():
        given = form.cleaned_data
        scopes = [Scope(scope) for scope in given["scopes"]]
        _token, key = commands.make_token(
            viewer, name=given["name"], scopes=scopes, ends_on=given["ends_on"]
        )
        form = TokenForm()
    found = queries.tokens(viewer)
    return _page(request, "tokens", refused=bool(form.errors), form=form, key=key, tokens=found)


@_for_administrators
@require_POST
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    viewer = _viewer(request)
    found = queries.tokens(viewer).filter(pk=token_id).first()
    if found is None:
        raise Http404(_("There is no such key any more."))
    commands.end_token(viewer, found)
    messages.success(request, _("The key has ended. Programs that use it are refused from now on."))
    return redirect("people:tokens")


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Be somebody of the example organisation, with one click and without a password."""
    if not settings.DEMO:
        raise Http404
    people = {somebody.username: somebody for somebody in queries.demo_people()}
    chosen = people.get(request.POST.get("username", ""))
    if chosen is not None:
        return _sign_in(request, chosen)
    rows = [(somebody, IN_SHORT[somebody.role]) for somebody in people.values()]
    return _page(request, "demo", rows=rows)
