"""Who may see and do what in a workshop. Everything else of this room asks here."""

from typing import TYPE_CHECKING, TypeAlias, Union

from django.db.models import Exists, OuterRef, Q, QuerySet

from upturn.loop.models import Phase, Workshop, WorkshopHost, WorkshopState
from upturn.loop.queries.holders import Holder, Screen, code_of_screen
from upturn.people.queries import led_by, sees_every_ask

if TYPE_CHECKING:
    from upturn.people.models import Person

Viewer: TypeAlias = Union["Person", Holder, Screen]

CARRYING = frozenset({"executive", "facilitator"})


def may_host(viewer: "Person") -> bool:
    """Those who lead, carry the whole or facilitate hold workshops."""
    return sees_every_ask(viewer)


def carries(viewer: "Person") -> bool:
    """Those who carry the whole or facilitate look into every workshop."""
    return viewer.is_active and viewer.role in CARRYING


def workshops_seen(viewer: "Person") -> QuerySet[Workshop]:
    """Workshops in the viewer's sight.

    Those who carry the whole or facilitate see all; leaders those they hold, and those of parties
    they lead. Nobody else sees any: the room itself comes in by its phones.
    """
    if not may_host(viewer):
        return Workshop.objects.none()
    if carries(viewer):
        return Workshop.objects.all()
    holds = Exists(WorkshopHost.objects.filter(workshop=OuterRef("pk"), person=viewer))
    return Workshop.objects.filter(holds | Q(party__in=led_by(viewer)))


def workshop_by_ref(viewer: Viewer, ref: str) -> Workshop:
    """Find a workshop, its party beside it.

    Raises
    ------
    Workshop.DoesNotExist
        If there is none, or none in the viewer's sight.
    """
    if isinstance(viewer, Holder | Screen):
        rows = Workshop.objects.filter(pk=viewer.workshop)
    else:
        rows = workshops_seen(viewer)
    return rows.select_related("party").get(ref=ref)


def may_see(viewer: Viewer, workshop: Workshop) -> bool:
    """Whether anything of a workshop is for the viewer."""
    if isinstance(viewer, Holder | Screen):
        return viewer.workshop == workshop.pk
    return workshops_seen(viewer).filter(pk=workshop.pk).exists()


def check_see(viewer: Viewer, workshop: Workshop) -> None:
    """Raise Workshop.DoesNotExist for what is out of the viewer's sight."""
    if not may_see(viewer, workshop):
        raise Workshop.DoesNotExist


def may_run(viewer: Viewer, workshop: Workshop) -> bool:
    """Whether the viewer moves the workshop on: those who hold it, as long as they may."""
    if isinstance(viewer, Holder | Screen) or not may_host(viewer):
        return False
    return WorkshopHost.objects.filter(workshop=workshop, person=viewer).exists()


def is_open_to_read(workshop: Workshop, step: int) -> bool:
    """Whether cards of a step are read by now; before that nobody sees any, whoever it is.

    A step is read when its phase says so, when the room has gone on from it, and once the workshop
    has closed. Whoever goes back covers what comes later again.
    """
    if workshop.state != WorkshopState.OPEN or step < workshop.step:
        return True
    return step == workshop.step and workshop.phase == Phase.READ


def screen_code(viewer: "Person", workshop: Workshop) -> str:
    """Give what lets a projector show the workshop without a sign-in; empty for who may not run."""
    return code_of_screen(workshop.ref) if may_run(viewer, workshop) else ""
