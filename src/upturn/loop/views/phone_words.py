"""What the page of a phone says by its script, in the language of the phone."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAYS: dict[str, Promise] = {
    "words": _("{found} of {most} words"),
    "too_many": _("{found} words; a card holds {most}. Nothing is lost: shorten it."),
    "who": _("One more would help: who did what?"),
    "when": _("One more would help: when?"),
    "said": _("One more would help: what words were said?"),
    "all": _("Good: who, when and what words are there."),
    "ahead": _("Say it as if it had happened: “every guest was greeted”."),
    "wish": _("Say it as if it had happened: “every guest was greeted”."),
    "waits": _("Waits on this phone; it goes by itself."),
    "in": _("Handed in."),
    "hidden": _("The facilitator took it off the wall: {why}"),
    "refused": _("Not handed in: {why}"),
    "objection": _("Heard, without your name."),
    "task": _("In your pocket."),
}


def phone_says() -> dict[str, str]:
    """Give every sentence in the reader's language."""
    return {key: str(words) for key, words in SAYS.items()}
