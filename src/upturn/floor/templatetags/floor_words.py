"""Words for what the lab writes as codes and numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import gettext_noop as later

from upturn.floor.forms.runs import IN_A_LINE, POLICIES

register = template.Library()
Numbers = Mapping[str, Any]

MEASURES: dict[str, str | Promise] = {
    "wait_mean_s": gettext_lazy("wait on average, seconds"),
    "wait_p50_s": gettext_lazy("half wait no longer than, seconds"),
    "wait_p90_s": gettext_lazy("90 of 100 wait no longer than, seconds"),
    "wait_p95_s": gettext_lazy("95 of 100 wait no longer than, seconds"),
    "in_time_share": gettext_lazy("begun before they were late, per cent"),
    "gave_up_share": gettext_lazy("gave up waiting, per cent"),
    "open_share": gettext_lazy("never begun, per cent"),
    "notice_mean_s": gettext_lazy("until somebody noticed, seconds"),
    "before_asked_share": gettext_lazy("met before anybody asked, per cent"),
    "helped_share": gettext_lazy("met by a neighbour, per cent"),
    "waiting_at_once": gettext_lazy("needs waiting at the same time"),
    "walk_m_per_need": gettext_lazy("walking for each need, metres"),
    "walk_m_per_hour": gettext_lazy("walking of one server in an hour, metres"),
    "needs_per_trip": gettext_lazy("needs met on one trip"),
    "idle_share": gettext_lazy("time with nothing to do, per cent"),
    "credit_gini": gettext_lazy("how unevenly needs fall on sections, 0 to 1"),
    "work_gini": gettext_lazy("how unevenly work falls on servers, 0 to 1"),
}


@register.filter
def policy_name(code: str) -> str:
    """What a policy is called."""
    return str(POLICIES.get(code, code))


@register.filter
def policy_line(code: str) -> str:
    """What the policy is, in a line."""
    return str(IN_A_LINE.get(code, ""))


@register.filter
def measure_name(measure: str) -> str:
    """What a measure is called, with its unit."""
    return str(MEASURES.get(measure, measure))


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
def in_unit(figure: Numbers, measure: str) -> dict[str, float]:
    """A figure in the unit in which its measure is shown: shares in per cent."""
    factor = 100 if measure.endswith("_share") else 1
    return {name: figure[name] * factor for name in ("value", "low", "high")}


@register.simple_tag
def sentence(finding: Numbers, codes: Sequence[str]) -> str:
    """Say what a finding means; policies are given by their place in `codes`."""
    numbers = dict(finding["numbers"])
    for name in ("policy", "without", "first", "second"):
        if name in numbers:
            numbers[name] = policy_name(codes[numbers[name]])
    says = SAYS.get(finding["code"])
    return says(numbers) if says else ""


def _shortest(n: Numbers) -> str:
    return _(
        "With “%(policy)s” needs wait least: 95 of 100 begin within %(wait)s (%(low)s to %(high)s)."
    ) % {
        "policy": n["policy"],
        "wait": in_words(n["wait_s"]),
        "low": in_words(n["low_s"]),
        "high": in_words(n["high_s"]),
    }


def _range(n: Numbers) -> dict[str, str]:
    """A ratio's range as per cent of change, the smaller first."""
    ends = sorted((abs(n["low"] - 1), abs(n["high"] - 1)))
    return {"from": percent(ends[0]), "to": percent(ends[1])}


def _compared(n: Numbers) -> str:
    given = {"first": n["first"], "second": n["second"]}
    if n["verdict"] == "less":
        text = _("With “%(first)s” the long waits are %(from)s to %(to)s %% shorter than with "
                 "“%(second)s”.")  # fmt: skip
        return text % (given | _range(n))
    if n["verdict"] == "more":
        text = _("With “%(first)s” the long waits are %(from)s to %(to)s %% longer than with "
                 "“%(second)s”.")  # fmt: skip
        return text % (given | _range(n))
    if n["verdict"] == "alike":
        return _("“%(first)s” and “%(second)s” let needs wait alike, to within 2 %%.") % given
    return _("Whether “%(first)s” or “%(second)s” has the shorter long waits, these shifts cannot "
             "tell.") % given  # fmt: skip


def _steps(n: Numbers) -> str:
    given = {"first": n["first"], "second": n["second"]}
    if n["verdict"] == "less":
        text = _("“%(first)s” takes %(from)s to %(to)s %% fewer steps a need than “%(second)s”.")
        return text % (given | _range(n))
    if n["verdict"] == "more":
        text = _("“%(first)s” takes %(from)s to %(to)s %% more steps a need than “%(second)s”.")
        return text % (given | _range(n))
    return ""


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


def _owners_alone(n: Numbers) -> str:
    if n["verdict"] == "more":
        text = _("Orders, bills and complaints, which only the owner does, wait %(from)s to %(to)s "
                 "%% longer when people help elsewhere.")  # fmt: skip
        return text % _range(n)
    if n["verdict"] == "less":
        text = _("Orders, bills and complaints, which only the owner does, wait %(from)s to %(to)s "
                 "%% less when people help each other.")  # fmt: skip
        return text % _range(n)
    return ""


def _share(text: str) -> Callable[[Numbers], str]:
    def say(n: Numbers) -> str:
        return _(text) % {"policy": n.get("policy", ""), "share": percent(n["share"], 1)}

    return say


def _plain(text: str) -> Callable[[Numbers], str]:
    return lambda n: _(text) % n


SAYS: dict[str, Callable[[Numbers], str]] = {
    "shortest": _shortest,
    "compared": _compared,
    "steps": _steps,
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
    "owners_alone": _owners_alone,
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
        said.append(text % {"share": percent(max(pays), 1)})
    if costs:
        text = _("From %(share)s %% on it makes them longer.")
        said.append(text % {"share": percent(min(costs), 1)})
    if len(pays) + len(costs) < len(found):
        said.append(_("Elsewhere these shifts cannot tell."))
    return " ".join(said)


@register.filter
def place(codes: Sequence[str], number: int) -> str:
    """Give the policy in a place of the list."""
    return codes[number]


@register.filter
def happening(code: str) -> str:
    """What happens to a need in a film."""
    return str(HAPPENINGS[code])


@register.filter
def made(choices: Sequence[int]) -> str:
    """Choices as they stand in an address."""
    return ".".join(str(choice + 1) for choice in choices)
