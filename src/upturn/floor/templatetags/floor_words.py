"""Words for what the lab writes as codes and numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import gettext_noop as later

from upturn.floor.forms.runs import IN_A_LINE, POLICIES

if TYPE_CHECKING:
    from upturn.floor.queries.results import Line

register = template.Library()
Numbers = Mapping[str, Any]

MEASURES: dict[str, str | Promise] = {
    "wait_mean_s": gettext_lazy("wait on average"),
    "wait_p50_s": gettext_lazy("half wait no longer than"),
    "wait_p90_s": gettext_lazy("90 of 100 wait no longer than"),
    "wait_p95_s": gettext_lazy("95 of 100 wait no longer than"),
    "in_time_share": gettext_lazy("begun before they were late"),
    "gave_up_share": gettext_lazy("gave up waiting"),
    "open_share": gettext_lazy("never begun"),
    "notice_mean_s": gettext_lazy("until somebody noticed"),
    "before_asked_share": gettext_lazy("met before anybody asked"),
    "helped_share": gettext_lazy("met by a neighbour"),
    "waiting_at_once": gettext_lazy("needs waiting at the same time"),
    "walk_m_per_need": gettext_lazy("walking for each need, metres"),
    "walk_m_per_hour": gettext_lazy("walking of one server in an hour, metres"),
    "needs_per_trip": gettext_lazy("needs met on one trip"),
    "idle_share": gettext_lazy("time with nothing to do"),
    "credit_gini": gettext_lazy("how unevenly needs fall on sections, 0 to 1"),
    "work_gini": gettext_lazy("how unevenly work falls on servers, 0 to 1"),
    "received_per_hour": gettext_lazy("needs an hour that neighbours met here"),
    "given_per_hour": gettext_lazy("needs an hour that the owner met elsewhere"),
    "credit_per_hour": gettext_lazy("needs an hour that count for the owner"),
    "at_work_share": gettext_lazy("share of the shift on the way or serving"),
}

WAYS = {
    "wait_p95_s": (gettext_lazy("long waits"), gettext_lazy("shorter"), gettext_lazy("longer")),
    "wait_mean_s": (gettext_lazy("average wait"), gettext_lazy("shorter"), gettext_lazy("longer")),
    "walk_m_per_need": (gettext_lazy("steps a need"), gettext_lazy("fewer"), gettext_lazy("more")),
}
"""What two policies are compared by, and what less and more of it is called."""


@register.filter
def policy_name(code: str) -> str:
    """What a policy is called."""
    return str(POLICIES.get(code, code))


@register.filter
def policy_line(code: str) -> str:
    """What the policy is, in a line."""
    return str(IN_A_LINE.get(code, ""))


@register.filter
def measured(line: "Line") -> str:
    """What a row of figures measures, with its unit."""
    return f"{MEASURES[line.measure]}{_unit(line)}"


def _unit(line: "Line") -> str:
    if line.measure.endswith("_share"):
        return _(", per cent")
    if not line.measure.endswith("_s"):
        return ""
    return _(", minutes and seconds") if line.minutes else _(", seconds")


@register.filter
def shown(value: float, line: "Line") -> str:
    """A figure in the unit in which its row is shown."""
    if line.measure.endswith("_share"):
        return whole(value * 100)
    return clock(value) if line.minutes and line.measure.endswith("_s") else whole(value)


@register.filter
def percent(share: float, places: int = 0) -> str:
    """A share as per cent, without the sign."""
    return number_format(round(share * 100, places), places)


@register.filter
def whole(value: float) -> str:
    """A number to two digits behind the point when it is small, and none when it is large."""
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    shown = number_format(round(abs(value), places), places)
    return shown if round(value, places) >= 0 else f"−{shown}"


@register.filter
def clock(seconds: float) -> str:
    """Minutes and seconds, as a watch shows them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


@register.filter
def in_words(seconds: float) -> str:
    """A time to wait, as people say it."""
    if seconds < 90:
        n = round(seconds)
        return ngettext("%(n)d second", "%(n)d seconds", n) % {"n": n}
    n = round(seconds / 60)
    if seconds < 600:
        return _("%(n)s minutes") % {"n": number_format(round(seconds / 60, 1), 1)}
    return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}


@register.filter
def range_in_words(figure: Numbers) -> str:
    """From where to where a time lies, the unit said once where it is the same."""
    low, high = in_words(figure["low"]), in_words(figure["high"])
    first, _space, unit = low.partition(" ")
    ends = {"low": first if unit and high.endswith(unit) else low, "high": high}
    return low if low == high else _("%(low)s to %(high)s") % ends


@register.simple_tag
def sentence(finding: Numbers, codes: Sequence[str]) -> str:
    """Say what a finding means; policies are given by their place in `codes`."""
    numbers = dict(finding["numbers"])
    for name in ("policy", "without", "first", "second"):
        if name in numbers:
            numbers[name] = policy_name(codes[numbers[name]])
    says = SAYS.get(finding["code"])
    return says(numbers) if says else ""


def _range(n: Numbers) -> dict[str, str]:
    """A ratio's range as per cent of change, the smaller first."""
    ends = sorted((abs(n["low"] - 1), abs(n["high"] - 1)))
    return {"from": percent(ends[0]), "to": percent(ends[1])}


def _versus(less: str, more: str, alike: str, unknown: str) -> Callable[[Numbers], str]:
    """A sentence for each verdict on the first policy beside the second."""
    said = {"less": less, "more": more, "alike": alike, "cannot_tell": unknown}

    def say(n: Numbers) -> str:
        given = {name: n.get(name, "") for name in ("first", "second", "needs")}
        return _(said[n["verdict"]]) % (given | (_range(n) if "low" in n else {}))

    return say


def _before_asked(n: Numbers) -> str:
    text = _("With “%(policy)s” %(share)s of 100 needs that may go unasked are met before anybody "
             "asks.")  # fmt: skip
    return text % {"policy": n["policy"], "share": percent(n["share"])}


def _own(text: str) -> Callable[[Numbers], str]:
    def say(n: Numbers) -> str:
        ratio = {"low": percent(n["low"] - 1, 1), "high": percent(n["high"] - 1, 1)}
        return _(text) % ({"policy": n["policy"], "section": n["section"]} | ratio)

    return say


def _own_kept(n: Numbers) -> str:
    given = {"section": n["section"]} | _range(n)
    if n["high"] < 1:
        text = _(
            "Help costs the own tables nothing: even in section %(section)s, where it brings "
            "least, the long waits are %(from)s to %(to)s %% shorter than without it."
        )
        return text % given
    text = _(
        "Help costs the own tables at most 5 %%: in section %(section)s, where it costs most, the "
        "long waits change by %(low)s to %(high)s %%."
    )
    return text % (given | {"low": percent(n["low"] - 1, 1), "high": percent(n["high"] - 1, 1)})


def _share(text: str) -> Callable[[Numbers], str]:
    def say(n: Numbers) -> str:
        return _(text) % {"policy": n.get("policy", ""), "share": percent(n["share"], 1)}

    return say


def _plain(text: str) -> Callable[[Numbers], str]:
    return lambda n: _(text) % n


SAYS: dict[str, Callable[[Numbers], str]] = {
    "compared": _versus(
        later(
            "With “%(first)s” the long waits are %(from)s to %(to)s %% shorter than with "
            "“%(second)s”."
        ),
        later(
            "With “%(first)s” the long waits are %(from)s to %(to)s %% longer than with "
            "“%(second)s”."
        ),
        later("“%(first)s” and “%(second)s” let needs wait alike, to within 2 %%."),
        later(
            "Whether “%(first)s” or “%(second)s” has the shorter long waits, these shifts "
            "cannot tell."
        ),
    ),
    "steps": _versus(
        later("“%(first)s” takes %(from)s to %(to)s %% fewer steps a need than “%(second)s”."),
        later("“%(first)s” takes %(from)s to %(to)s %% more steps a need than “%(second)s”."),
        later("“%(first)s” and “%(second)s” take as many steps a need, to within 2 %%."),
        later("Whether “%(first)s” or “%(second)s” takes fewer steps, these shifts cannot tell."),
    ),
    "before_asked": _before_asked,
    "own_kept": _own_kept,
    "own_not_kept": _own(
        later(
            "Help costs the own tables something: in section %(section)s the long waits are "
            "%(low)s to %(high)s %% longer than without."
        )
    ),
    "own_cannot_tell": _own(
        later(
            "Whether help costs the own tables more than 5 %% these shifts cannot tell: in section "
            "%(section)s the long waits change by %(low)s to %(high)s %%."
        )
    ),
    "owners_alone": _versus(
        later(
            "What only the owner does (%(needs)s) waits %(from)s to %(to)s %% less where people "
            "help each other."
        ),
        later(
            "What only the owner does (%(needs)s) waits %(from)s to %(to)s %% longer where "
            "people help elsewhere."
        ),
        later("What only the owner does (%(needs)s) waits as long with help as without."),
        later(
            "Whether what only the owner does (%(needs)s) waits longer with help, these shifts "
            "cannot tell."
        ),
    ),
    "not_sales": _plain(later("Fewer needs waiting is not more sales; the lab knows no prices.")),
    "no_headcount": _plain(later("Nothing here says how many people should work.")),
    "numbers_given": _plain(
        later(
            "How often needs come and how long they take are the numbers of your floor. Those that "
            "were assumed and not measured make all of this an if."
        )
    ),
    "loafing_given": _plain(
        later(
            "How much people slow down when a queue belongs to everybody was set by you, not found."
        )
    ),
    "pooled_anybody": _plain(
        later(
            "But with “%(policy)s” anybody also does what only the owner does otherwise "
            "(%(needs)s); what guests make of that is in no figure."
        )
    ),
    "gave_up": _share(
        later("Waits are of those who were served; up to %(share)s %% gave up before.")
    ),
    "left_open": _share(
        later(
            "With “%(policy)s” %(share)s %% of the needs were never begun; their wait is in no "
            "figure."
        )
    ),
    "began_late": _share(
        later("With “%(policy)s” %(share)s %% of the needs began only after the shift had ended.")
    ),
    "warm_up": lambda n: (
        _(
            "The first %(minutes)d minutes are left out, because a floor that begins empty is not "
            "yet as it will be."
        )
        % {"minutes": round(n["minutes"])}
    ),
    "few_reps": _plain(
        later("Only %(reps)d shifts were played; play more before you change anything.")
    ),
    "family": lambda n: (
        _(
            "%(verdicts)d comparisons were made together; the chance that any of their verdicts is "
            "wrong by chance is at most 5 %%."
        )
        % {"verdicts": n["verdicts"]}
    ),
}

HAPPENINGS: dict[str, str | Promise] = {
    "arises": gettext_lazy("arises"),
    "noticed": gettext_lazy("is noticed"),
    "asked": gettext_lazy("is asked for"),
    "begins": gettext_lazy("begins to be met"),
    "ends": gettext_lazy("is met"),
    "gives_up": gettext_lazy("is given up"),
}


@register.simple_tag
def pooling_says(points: Sequence[Numbers]) -> str:
    """Say up to where pooling pays and from where it costs, as far as the ranges can tell."""
    found = [(each["share"], each["p95"]) for each in points if each["p95"]]
    pays = [share for share, figure in found if figure["high"] < 0]
    costs = [share for share, figure in found if figure["low"] > 0]
    said = []
    if pays:
        text = _("Up to %(share)s %% slower, pooling makes the long waits shorter.")
        if len(pays) == len(found):
            text = _(
                "Pooling makes the long waits shorter even at %(share)s %% slower, the most that "
                "was tried."
            )
        said.append(text % {"share": percent(max(pays), 1)})
    if costs:
        text = _("From %(share)s %% on it makes them longer.")
        said.append(text % {"share": percent(min(costs), 1)})
    if len(pays) + len(costs) < len(found):
        said.append(_("Elsewhere these shifts cannot tell."))
    return " ".join(said)


@register.filter
def compared(pair: Numbers) -> str:
    """What two policies are compared by."""
    return str(WAYS[pair["measure"]][0])


@register.filter
def change(pair: Numbers) -> str:
    """A verdict with its range, for a cell of a table."""
    if pair["verdict"] == "alike":
        return _("alike")
    if pair["verdict"] == "cannot_tell":
        return _("cannot tell")
    _name, less, more = WAYS[pair["measure"]]
    way = {"by": less if pair["verdict"] == "less" else more}
    return _("%(from)s to %(to)s %% %(by)s") % (_range(pair["ratio"]) | way)


@register.filter
def both(point: Numbers) -> tuple[Numbers | None, Numbers | None]:
    """The two figures of a point where pooling was tried."""
    return point["mean"], point["p95"]


@register.filter
def happening(code: str) -> str:
    """What happens to a need in a film."""
    return str(HAPPENINGS[code])


@register.filter
def made(choices: Sequence[int]) -> str:
    """Choices as they stand in an address."""
    return ".".join(str(choice + 1) for choice in choices)
