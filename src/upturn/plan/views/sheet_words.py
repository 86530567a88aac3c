"""Words of a plan as they stand on its sheet for the wall."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upturn.plan.engine.exporting import ExportedLine, ExportedMoment, ExportedTarget, clock
from upturn.stats import Figure, Withheld

STANDS: dict[str, Promise] = {
    "gap": gettext_lazy("nobody gives it yet"),
    "late": gettext_lazy("promised, and late"),
    "asked": gettext_lazy("asked"),
    "noted": gettext_lazy("written down, not asked yet"),
    "promised": gettext_lazy("promised"),
    "kept": gettext_lazy("kept"),
}
DESIGNS: dict[str, Promise] = {
    "staggered": gettext_lazy("those that began against those that had not yet"),
    "interrupted": gettext_lazy("the course of the weeks before and since"),
    "synthetic": gettext_lazy("against a mixture of those that never began"),
    "before_after": gettext_lazy("before and after"),
}
SAYS: dict[str, Promise] = {
    "better": gettext_lazy("better than it would have been"),
    "worse": gettext_lazy("worse than it would have been"),
    "holds_nothing": gettext_lazy("the range holds no change at all"),
    "cannot_tell": gettext_lazy("cannot tell"),
}


def day_words(day: date | None) -> str:
    """Write a day as a reader is used to."""
    return date_format(day, "j F Y") if day else ""


def number_words(value: float, decimals: int = 1) -> str:
    """Write a number, with a true minus sign."""
    shown = number_format(round(abs(value), decimals), decimals)
    return shown if round(value, decimals) >= 0 else f"−{shown}"


def figure_words(shown: Figure | Withheld | None) -> str:
    """Write a figure with its range and its n, or why it is not shown."""
    if shown is None:
        return ""
    if isinstance(shown, Figure):
        return _("%(value)s (%(low)s to %(high)s, n %(n)s)") % {
            "value": number_words(shown.value),
            "low": number_words(shown.low),
            "high": number_words(shown.high),
            "n": shown.n,
        }
    if shown.got == 0:
        return _("nothing measured yet")
    if shown.reason == "too_few_weeks":
        return ngettext(
            "%(got)d week, %(needed)d needed", "%(got)d weeks, %(needed)d needed", shown.got
        ) % {"got": shown.got, "needed": shown.needed}
    return ngettext(
        "%(got)d answer, %(needed)d needed", "%(got)d answers, %(needed)d needed", shown.got
    ) % {"got": shown.got, "needed": shown.needed}


def time_words(at: int) -> str:
    """Write the time of a moment; one after midnight begins at 0 again."""
    return clock(at % 1440)


def meets_words(moment: ExportedMoment) -> str:
    """Say who meets the customer at a moment."""
    if not moment.parties:
        return _("nobody meets the customer here")
    return ", ".join(
        each.party if each.direct else _("%(party)s (out of sight)") % {"party": each.party}
        for each in moment.parties
    )


def stands_words(line: ExportedLine) -> str:
    """Say how a line stands, and by when it is due."""
    words = str(STANDS.get(line.stands, line.stands))
    if line.due_on and line.stands not in {"kept", "gap"}:
        words = _("%(stands)s, by %(day)s") % {"stands": words, "day": day_words(line.due_on)}
    return words


def from_words(line: ExportedLine) -> str:
    """Say from whom a HAVE comes, or who is missing."""
    if line.provider:
        return _("%(provider)s serves %(party)s") % {
            "provider": line.provider,
            "party": line.party,
        }
    if line.provider_was:
        return _("for %(party)s; %(provider)s gave it and is gone") % {
            "party": line.party,
            "provider": line.provider_was,
        }
    return _("for %(party)s") % {"party": line.party}


def owners_words(line: ExportedLine) -> str:
    """Say who answers for a line."""
    return ", ".join(f"{each.party}: {each.who}" for each in line.owners)


def target_words(target: ExportedTarget) -> str:
    """Say what is measured, and at whom."""
    named = target.name or _("all touchpoints")
    unit = f" ({target.unit})" if target.unit else ""
    return f"{named}{unit}"


def wish_words(target: ExportedTarget) -> str:
    """Say what is wished for, and by when."""
    if target.wish is None:
        return _("no target yet")
    return _("%(wish)s by %(day)s") % {
        "wish": number_words(target.wish),
        "day": day_words(target.wish_by),
    }


def joined(parts: Iterable[str]) -> str:
    """Put what is there behind each other."""
    return " · ".join(part for part in parts if part)
