"""An exchange of six companies, a client and a steward, made by the commands everybody uses."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import count
from typing import Any

from django.db.models import Model

from tests.exchange.kept import once
from tests.factories import person
from upturn.exchange.commands import (
    buying_in,
    charters,
    entering,
    hosting,
    leaving,
)
from upturn.exchange.engine import (
    CHARTER,
    COME_BACK,
    ENROL,
    READINESS,
    Answer,
    CharterText,
    SealedAnswer,
    pad,
    to_sign,
    token,
)
from upturn.exchange.engine.ballot import Key
from upturn.exchange.models import Exchange, ExchangeParty, PartyKind, Rung, Seat
from upturn.exchange.queries.hosting import words_of
from upturn.exchange.queries.sittings import Sitting, sitting_from
from upturn.people.models import Person

TODAY = date(2026, 11, 23)
NAMES = ("Amber", "Birch", "Cedar", "Dune", "Elder", "Fern")
_numbers = count(1)


@dataclass
class Company:
    """A party on its own side: its key, and the cookie of its browser."""

    name: str
    key: Key
    cookie: str
    party: int
    answer: SealedAnswer = field(default_factory=lambda: SealedAnswer(Answer.YES, (), bytes(32)))

    @property
    def sitting(self) -> Sitting:
        """As it is now, the rung and the signature read anew."""
        seat = Seat.objects.select_related("party__exchange").get(pk=self.cookie.partition(".")[0])
        return sitting_from(seat)

    @property
    def row(self) -> ExchangeParty:
        return ExchangeParty.objects.get(pk=self.party)


@dataclass
class Made:
    """An exchange with who keeps it and who takes part."""

    exchange: Exchange
    convener: Person
    companies: dict[str, Company]
    planted: dict[type[Model], Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Company:
        return self.companies[name]

    @property
    def members(self) -> list[Company]:
        return [each for each in self.companies.values() if each.name not in {"Client", "Steward"}]


def charter_text(**changes: object) -> CharterText:
    given: dict[str, object] = {
        "vision": "Customers of one house served as one",
        "mission": "Learn from each other what serves them",
        "not_mission": "Nothing about prices, wages or who gets which work",
        "scope": "Guests of the client",
        "topics": ("care", "coach"),
        "never": ("prices",),
        "data_classes": ("practice", "opinion", "band"),
        "minutes": 45,
        "chair_months": 3,
    }
    return CharterText(**given | changes)  # type: ignore[arg-type]


def prepared(name: str = "Served as one", *, template: str = "suppliers") -> Made:
    """An exchange with its readiness thought through, counsel's word on it, and nobody in it."""
    convener = person(role="executive")
    draft = hosting.ExchangeDraft(key=f"k{next(_numbers)}", name=name, template=template)
    exchange = hosting.open_preparation(convener, draft)
    for item in READINESS:
        hosting.note_readiness(convener, exchange, item.code, found="Talked over.", today=TODAY)
    word = hosting.CounselsWord(counsel="R. Okafor", words="Read, and fine.")
    hosting.sign_off(convener, exchange, word, today=TODAY)
    return Made(exchange, convener, {})


def come_in(made: Made, name: str, *, kind: str = PartyKind.MEMBER, owner: str = "") -> Company:
    """Invite a company, let it in by its door, enrol its key and compare the words."""
    invitation = hosting.Invitation(name=name, kind=kind, owner=owner)
    invited = hosting.invite_party(made.convener, made.exchange, invitation, today=TODAY)
    entered = entering.enter_by_code(invited.code, today=TODAY)
    key = Key(sha256(name.encode()).digest())
    company = Company(name, key, entered.cookie, invited.party.pk)
    enrol(made, company)
    read_out = " ".join(words_of(company.row))
    ref = company.row.ref
    entering.compare_words(made.convener, made.exchange, ref, words=read_out, today=TODAY)
    made.companies[name] = company
    return company


def enrol(made: Made, company: Company) -> None:
    public = company.key.public
    signs, seals = public.signing.hex(), public.sealing.hex()
    said = to_sign(ENROL, made.exchange.ref, company.row.ref, signs, seals)
    keys = entering.EnrolledKeys(signs=signs, seals=seals, signature=company.key.sign(said).hex())
    entering.enrol_keys(company.sitting, keys)


def signature_to_come_back(made: Made, company: Company, nonce: str) -> str:
    return company.key.sign(to_sign(COME_BACK, made.exchange.ref, company.row.ref, nonce)).hex()


def sign(made: Made, company: Company) -> None:
    """Sign the charter that holds."""
    last = made.exchange.charters.order_by("number").last()
    assert last is not None
    said = to_sign(CHARTER, made.exchange.ref, str(last.number), last.digest)
    signature = company.key.sign(said).hex()
    charters.sign_charter(company.sitting, digest=last.digest, signature=signature, today=TODAY)


def all_sign(made: Made, text: CharterText | None = None) -> None:
    """Propose a version and have everybody sign it."""
    after = made.exchange.charters.count()
    text = text or charter_text()
    charters.propose_charter(made.convener, made.exchange, text, after=after, today=TODAY)
    for company in made.companies.values():
        sign(made, company)


def answering(made: Made) -> list[Company]:
    return [each for each in made.companies.values() if each.name != "Steward"]


def seal_answers(made: Made, **answers: Answer) -> None:
    """Call every leader and have the answer sealed: yes, if nothing else is said."""
    for company in answering(made):
        buying_in.called(made.convener, made.exchange, company.row.ref, today=TODAY)
        salt = sha256(f"salt {company.name}".encode()).digest()
        company.answer = SealedAnswer(answers.get(company.name, Answer.YES), (), salt)
        commitment = company.answer.commitment(made.exchange.ref, company.row.ref)
        buying_in.seal_answer(company.sitting, commitment)


def hand_tokens(made: Made, among: list[Company] | None = None) -> None:
    """Have everybody who is asked hand in the token of this time of asking."""
    made.exchange.refresh_from_db()
    asked = among or answering(made)
    for company in asked:
        said = token_of(made, company, asked)
        buying_in.hand_token(company.sitting, said, asking=made.exchange.asking)


def token_of(made: Made, company: Company, asked: list[Company]) -> str:
    refs = [each.row.ref for each in asked]
    pads = [
        pad(_shared(company, other), exchange=made.exchange.ref, asking=made.exchange.asking,
            among=refs)
        for other in asked
        if other is not company
    ]  # fmt: skip
    noise = sha256(f"noise {company.name} {made.exchange.asking}".encode()).digest()
    return token(company.answer.answer, pads, noise=noise)


def _shared(one: Company, other: Company) -> bytes:
    """What a device works out by X25519; here any value that two share does."""
    return sha256("".join(sorted((one.name, other.name))).encode()).digest()


def full(
    name: str = "Served as one", *, names: tuple[str, ...] = NAMES, template: str = "suppliers"
) -> Made:
    """An exchange that could open: everybody in, signed, and said yes."""
    return once(("full", name, names, template), lambda: _full(name, names, template))


def _full(name: str, names: tuple[str, ...], template: str) -> Made:
    made = prepared(name, template=template)
    for each in names:
        come_in(made, each)
    if template == "suppliers":
        come_in(made, "Client", kind=PartyKind.CLIENT)
    come_in(made, "Steward", kind=PartyKind.STEWARD)
    all_sign(made)
    seal_answers(made)
    hand_tokens(made)
    return made


def opened(
    name: str = "Served as one",
    *,
    names: tuple[str, ...] = NAMES,
    rung: int = Rung.JOINT_PLAN,
    template: str = "suppliers",
) -> Made:
    """An open exchange, whose companies stand on the same rung."""
    key = ("opened", name, names, rung, template)
    return once(key, lambda: _opened(name, names, rung, template))


def _opened(name: str, names: tuple[str, ...], rung: int, template: str) -> Made:
    made = full(name, names=names, template=template)
    made.exchange = hosting.open_exchange(made.convener, made.exchange, today=TODAY)
    for company in made.members:
        climb(company, rung)
    return made


def climb(company: Company, rung: int) -> None:
    for to in range(company.sitting.rung + 1, rung + 1):
        leaving.step(company.sitting, to, today=TODAY)
