"""Words that columns, kinds of parties, months and weekdays go by in seven languages."""

import re
import unicodedata
from functools import lru_cache

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOT_A_LETTER = re.compile(r"[\W_]+")


NAME_CHARACTERS_MAX = 500  # what is longer is no name, and would only fill the memory


def fold(name: str) -> str:
    """Write a name so that spelling habits no longer matter.

    >>> fold("customerReview_Text"), fold("  RESEÑA! ")
    ('customer review text', 'resena')
    """
    return _fold(name[:NAME_CHARACTERS_MAX])


@lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    apart = unicodedata.normalize("NFKD", HUMP.sub(" ", name))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return NOT_A_LETTER.sub(" ", bare.casefold()).strip()


_MONTHS = """
january jan januar jänner enero ene janvier janv gennaio gen janeiro januari
february feb februar febrero février fevr fév febbraio fevereiro fev februari
march mar märz mrz marzo mars março maart mrt
april apr abril abr avril avr aprile
may mai mayo maggio mag maio mei
june jun juni junio juin giugno giu junho
july jul juli julio juillet juil luglio lug julho
august augustus aug agosto ago août aou
september sep sept septiembre set septembre settembre setembro
october oct oktober okt octubre octobre ottobre ott outubro out
november nov noviembre novembre novembro
december dec dezember dez diciembre dic décembre dicembre dezembro
"""
MONTHS_IN_WORDS = {
    fold(name): number
    for number, line in enumerate(_MONTHS.strip().splitlines(), start=1)
    for name in line.split()
}
_AROUND_DATES = """
st nd rd th er e o a º ª of the de del le la el il den der am at on um uhr d t
monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday
sun montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonntag so lunes lun
martes miércoles mié jueves jue viernes vie sábado sáb domingo dom lundi mardi mercredi mer
jeudi jeu vendredi ven samedi sam dimanche dim lunedì martedì mercoledì giovedì gio venerdì
sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
WORDS_AROUND_DATES = frozenset(map(fold, _AROUND_DATES.split()))

PARTY_WORDS = {
    "name": "name, party, who, team, bezeichnung, partei, nombre, nom, nome, naam",
    "key": "key, id, code, slug, schlüssel, clave, clé, chiave, sleutel",
    "kind": "kind, type, category, role, art, typ, tipo, genre, soort",
    "place": "place, where, location, house, site, branch, ort, wo, standort, lugar, lieu, luogo",
    "description": "description, about, note, notes, beschreibung, descripción, descrizione",
}
SERVES_WORDS = {
    "server": "server, served by, provider, from, who, source, von, de, servidor",
    "served": "served, serves, receiver, recipient, to, whom, customer, target, an, a, atendido",
    "what": "what, service, with, delivers, description, was, leistung, qué, quoi",
    "direct": "direct, directly, in sight, direkt, directo, diretto",
}
TOUCHPOINT_WORDS = {
    "name": "name, touchpoint, what, bezeichnung, kontaktpunkt, nombre, nom, nome",
    "moment": "moment, time of day, time, hour, when, zeit, uhrzeit, hora, heure, ora, tijd",
    "customers": "customers, customer, guests, whose, kunden, gäste, clientes, clients",
    "servers": "served by, servers, server, by, team, teams, bedient von, atendido por, servi par",
    "behind": "behind, served indirectly by, indirect, supported by, dahinter, detrás, derrière",
    "description": "description, sentence, in words, beschreibung, satz, descripción, descrizione",
    "place": PARTY_WORDS["place"],
    "key": PARTY_WORDS["key"],
}
MEASURE_WORDS = {
    "party": "party, edge, of, team, who, name, abteilung, equipo, équipe",
    "server": SERVES_WORDS["server"],
    "served": SERVES_WORDS["served"],
    "measure": "measure, metric, indicator, kpi, figure, kennzahl, indicador, indicateur, misura",
    "week": "week, date, day, period, woche, kw, datum, semana, fecha, semaine, settimana",
    "value": "value, result, score, amount, wert, valor, valeur, valore, waarde",
    "n": "n, count, answers, responses, sample, base, anzahl, número, nombre, numero, aantal",
    "low": "low, lowest, minimum, min, von, mínimo",
    "high": "high, highest, maximum, max, bis, máximo",
    "better": "better, which is better, direction, besser, mejor, mieux, meglio, melhor, beter",
}

_KINDS = {
    "customers": """customers customer guests guest passengers passenger visitors patients users
        consumers public kunden kunde gäste gast fahrgäste clientes cliente huéspedes pasajeros
        usagers voyageurs clienti ospiti klanten gasten""",
    "team": """team teams department crew staff section unit group service squad servers employees
        abteilung mannschaft gruppe equipo departamento personal équipe département squadra
        reparto ploeg afdeling""",
    "leader": """leader leaders leadership manager managers management executive executives board
        director directors head leitung führung chef geschäftsleitung dirección jefe gerencia
        direction dirigeant direzione leiding""",
    "system": """system systems process processes rule rules technology tool tools software machine
        app policy prozess regel technik sistema proceso regla tecnología système processus règle
        processo systeem proces""",
    "partner": """partner partners supplier suppliers vendor vendors contractor contractors
        lieferant dienstleister socio proveedor partenaire fournisseur fornitore leverancier""",
    "client": """client clients account accounts auftraggeber mandant mandante comitente
        commanditaire committente opdrachtgever""",
}
KINDS = {fold(word): kind for kind, words in _KINDS.items() for word in words.split()}
_MORE = "more higher high up mehr höher más plus più mais meer hoger"
_LESS = "less fewer lower low down weniger niedriger menos moins meno minder lager"
BETTER = {fold(word): "more" for word in _MORE.split()} | {
    fold(word): "less" for word in _LESS.split()
}
_YES = "yes y true 1 x direct directly ja j direkt si s oui o directo"
_NO = "no n false 0 indirect indirectly nein indirekt non nee indirecto"
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())
