"""What a column of comments may be for, and the words it goes by in seven languages."""

import re
from enum import StrEnum

from upturn.graph.engine.tabular_dates import read_date
from upturn.graph.engine.tabular_problems import Fault
from upturn.graph.engine.tabular_words import fold


class Field(StrEnum):
    """What is read of a comment; everything else in a file is left out."""

    TEXT = "text"
    SCORE = "score"
    AT = "at"
    TOUCHPOINT = "touchpoint"
    PLACE = "place"
    CHANNEL = "channel"
    EXTERNAL_ID = "external_id"
    LANGUAGE = "language"


_WORDS = {
    Field.TEXT: """review,reviews,review text,review body,comment,comments,text,content,body,
        feedback,opinion,message,remark,remarks,verbatim,words,what happened,why,statement,
        customer review,guest comment,open answer,free text,kommentar,kommentare,rezension,meinung,
        rückmeldung,anmerkung,anmerkungen,freitext,bewertung,bewertungstext,reseña,reseñas,
        comentario,comentarios,opinión,valoración,mensaje,avis,commentaire,commentaires,remarque,
        recensione,commento,testo,giudizio,opmerking,opmerkingen,tekst,beoordeling,avaliação,
        comentário,comentários,texto,texte""",
    Field.SCORE: """rating,ratings,stars,star,score,overall,overall rating,review rating,
        overall score,nps,csat,grade,points,mark,satisfaction,likely,recommend,sterne,note,punkte,
        wertung,bewertung,gesamtbewertung,zufriedenheit,puntuación,calificación,valoración,
        estrellas,nota,satisfacción,étoiles,punteggio,voto,stelle,valutazione,cijfer,sterren,score,
        avaliação,estrelas""",
    Field.AT: """date,datetime,timestamp,time,when,at,day,visited,visit date,created,created at,
        posted,posted at,published,submitted,received,review date,date of visit,tweet created,datum,
        zeitpunkt,besuchsdatum,besucht am,erstellt,erstellt am,tag,zeit,fecha,fecha de visita,
        creado,visite,data,giorno,data visita,tijdstip,dia""",
    Field.TOUCHPOINT: """touchpoint,touch point,moment,step,stage,topic,area,department,category,
        kontaktpunkt,berührungspunkt,bereich,thema,punto de contacto,etapa,área,point de contact,
        étape,punto di contatto,contactpunt,contactmoment""",
    Field.PLACE: """place,where,location,branch,store,shop,restaurant,house,site,venue,outlet,hotel,
        airport,station,business,listing,property,filiale,standort,ort,haus,wo,sucursal,local,lugar,
        sitio,lieu,magasin,établissement,sede,luogo,negozio,ristorante,vestiging,plaats,loja""",
    Field.CHANNEL: """channel,source,medium,via,platform,origin,kanal,quelle,canal,fuente,source,
        canale,fonte,kanaal,bron,origem""",
    Field.EXTERNAL_ID: """id,external id,review id,comment id,feedback id,response id,survey id,
        tweet id,uuid,guid,reference,ticket,case,nr,no,number,s no,nummer,kennung,folio,
        identificador,identifiant,riferimento""",
    Field.LANGUAGE: "language,lang,locale,sprache,idioma,langue,lingua,taal",
}
WORDS = {field: frozenset(fold(word) for word in line.split(",")) for field, line in _WORDS.items()}
# What the house itself wrote is not a customer's word.
REPLIES = frozenset(
    fold(word)
    for word in ["reply", "replies", "owner", "antwort", "respuesta", "réponse", "risposta"]
)

# Always about one person.
_IDENTITY = """email mail mails phone telephone tel mobile cell fax telefon handy telefonnummer
    telefono celular correo courriel ip ipaddress username nickname nick login handle surname
    firstname lastname fullname forename vorname nachname apellido apellidos prenom cognome address
    adresse direccion indirizzo street birthday birthdate dob birth geburtsdatum passport ssn
    gender sex age avatar photo waiter waitress employee agent kellner kellnerin mitarbeiter
    empleado camarero serveur cameriere rep cashier"""
IDENTITY = frozenset(fold(word) for word in _IDENTITY.split())
# About one person unless another word of the name says what else it is about.
_PERSON = """user author customer guest reviewer client member passenger patient respondent person
    profile account contact visitor traveler traveller benutzer autor kunde gast verfasser usuario
    cliente huesped auteur utente gebruiker klant"""
NAMES = frozenset({"name", "names", "nombre", "nom", "nome", "naam"})
PERSON = NAMES | frozenset(fold(word) for word in _PERSON.split())
# Beside "name" these say that it is a person's.
_WHOSE = """first last middle full family given maiden christian legal display preferred real your
    my his her their who staff server manager driver host hostess chef bartender cook steward
    stewardess attendant crew nurse doctor teacher advisor adviser assistant operator technician
    seller caller recipient parent child student tenant voller ganzer ihr dein completo pila famille
    complet usual prenom voor achter volledige"""
WHOSE = frozenset(fold(word) for word in _WHOSE.split())
ABOUT_THE_COMMENT = (
    WORDS[Field.TEXT] | WORDS[Field.SCORE] | WORDS[Field.AT] | WORDS[Field.LANGUAGE]
    | WORDS[Field.CHANNEL] | WORDS[Field.TOUCHPOINT]
)  # fmt: skip

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,24}")
INTERNET_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}")
PHONE = re.compile(r"\+[\d ()./-]{7,20}|\(\d[\d ()./-]{6,20}|0\d{1,5}[ /-]\d[\d -]{4,15}")


def says_who(column: str) -> bool:
    """Say whether a column is called as if it held who somebody is.

    >>> says_who("guest_email"), says_who("customer_review"), says_who("author"), says_who("name")
    (True, False, True, True)
    >>> says_who("lounge name"), says_who("your name"), says_who("user location")
    (False, True, True)
    """
    words = fold(column).split()
    if IDENTITY.intersection(words):
        return True
    if not PERSON.intersection(words):
        return False
    others = set(words) - PERSON
    if others and PERSON.intersection(words) <= NAMES:
        return bool(others & WHOSE)
    return not others & ABOUT_THE_COMMENT


def holds_who(values: list[str]) -> bool:
    """Say whether the values of a column are addresses or numbers of people.

    >>> holds_who(["ann@example.org", "", "bo@example.org"])
    True
    """
    given = [value.strip()[:300] for value in values if isinstance(read_date(value), Fault)]
    given = [value for value in given if value]
    return any(
        2 * sum(pattern.fullmatch(value) is not None for value in given) > len(given)
        for pattern in (EMAIL, INTERNET_ADDRESS, PHONE)
    )


def name_fits(column: str, field: Field) -> int:
    """Say how well the name of a column fits a field: 3 exactly, 2 at its end, 1 somewhere, 0 not.

    >>> [name_fits(name, Field.TEXT) for name in ("Review", "customer review", "review title", "x")]
    [3, 3, 1, 0]
    """
    folded, words = fold(column), WORDS[field]
    if folded in words:
        return 3
    parts = folded.split()
    if parts and parts[-1] in words:
        return 2
    ends = any(len(word) > 4 and part.endswith(word) for part in parts for word in words)
    return 1 if ends or words.intersection(parts) else 0


def is_reply(column: str) -> bool:
    """Say whether a column is called as if it held an answer to the customer."""
    return bool(REPLIES.intersection(fold(column).split()))
