"""Which way a weekly measure gets better: said by somebody, or guessed from its name."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_words import fold


class Better(StrEnum):
    """What is better of a measure: more of it, or less."""

    MORE = "more"
    LESS = "less"


class Known(StrEnum):
    """How the direction of a measure is known."""

    CHOSEN = "chosen"
    FILE = "file"
    STORED = "stored"
    GUESSED = "guessed"


_HOW_KNOWN = {
    Known.CHOSEN: gettext_noop("you said so"),
    Known.FILE: gettext_noop("the file says so"),
    Known.STORED: gettext_noop("as before"),
    Known.GUESSED: gettext_noop("guessed from its name"),
}


class Direction(NamedTuple):
    """A measure's name, which way it gets better, and how that is known."""

    name: str
    better: Better
    known: Known


_LESS = """
absences absent abandoned accidents away backlog breakdowns broken cancelled cancellations
complaint complaints costs covered days defects delay delayed delays errors error failed failures
faults hours injuries late lateness lost minutes missed missing mistakes overdue overtime queue
refused remade repeated returned returns rework seconds short sick sickness unanswered wait waited
waiting waits waste
minuten sekunden stunden tage wartezeit wartezeiten verspätung verspätungen fehler beschwerden
reklamationen krank krankheit ausfall ausfälle fehlt fehlende kosten rückstand überstunden
minutos segundos horas días espera retraso retrasos errores quejas reclamaciones bajas faltas
heures jours attente retard retards erreurs plaintes réclamations maladie manquants coûts
minuti secondi ore giorni attesa ritardo ritardi errori reclami malattia costi
dias atraso atrasos erros reclamações
uren dagen wachttijd vertraging fouten klachten ziek
"""
_MORE = "free punctual within without binnen innerhalb ohne sans sin sem senza zonder"
LESS = frozenset(fold(word) for word in _LESS.split())
# These turn a word of the other list round: "answered within two minutes".
MORE = frozenset(_MORE.split())
MORE_IN_TWO_WORDS = frozenset({"on time", "in time", "less than", "fewer than"})
LESS_IN_TWO_WORDS = frozenset({"no shows", "put right", "sent back", "short of"})


def measure_name(name: str) -> str:
    """Write the name of a measure as it is stored.

    >>> measure_name(" Served  Well ")
    'served well'
    """
    return " ".join(name.split()).casefold()


def how_known(known: Known, translate: Callable[[str], str] = str) -> str:
    """Say how the direction of a measure is known; `translate` is a gettext.

    >>> how_known(Known.STORED)
    'as before'
    """
    return translate(_HOW_KNOWN[known])


def guess_better(name: str) -> Better:
    """Guess from its name which way a measure gets better; where nothing tells, it is more.

    >>> guess_better("minutes to the first drink"), guess_better("answered within two minutes")
    (<Better.LESS: 'less'>, <Better.MORE: 'more'>)
    """
    words = fold(name).split()
    pairs = {" ".join(pair) for pair in pairwise(words)}
    if MORE.intersection(words) or MORE_IN_TWO_WORDS & pairs:
        return Better.MORE
    tells = LESS.intersection(words) or LESS_IN_TWO_WORDS & pairs
    return Better.LESS if tells else Better.MORE


def settle_directions(
    said: Mapping[str, Better | None],
    *,
    chosen: Mapping[str, Better],
    stored: Mapping[str, Better],
) -> tuple[Direction, ...]:
    """Settle the direction of every measure of a file.

    Parameters
    ----------
    said : mapping of name to Better or None
        The measures, and what the file itself says of them.
    chosen : mapping of name to Better
        What somebody chose; it wins over the file.
    stored : mapping of name to Better
        What is known of measures that are there already; it wins over a guess.

    Returns
    -------
    tuple of Direction
        By name.

    >>> settle_directions({"late": None}, chosen={}, stored={"late": Better.MORE})
    (Direction(name='late', better=<Better.MORE: 'more'>, known=<Known.STORED: 'stored'>),)
    """
    sources = ((Known.CHOSEN, chosen), (Known.FILE, said), (Known.STORED, stored))

    def settle(name: str) -> Direction:
        for known, source in sources:
            better = source.get(name)
            if better:
                return Direction(name, better, known)
        return Direction(name, guess_better(name), Known.GUESSED)

    return tuple(settle(name) for name in sorted(said))
