"""A word of its own in every field: it comes up where somebody may see it, and nowhere else."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.attacks.crawling import crawl, read
from tests.attacks.lines import written
from tests.attacks.scene import ROLES, Scene, build
from upturn.commitments import queries
from upturn.house import export
from upturn.record.proofs import hash_of
from upturn.voice.forms import new_visit

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(ROLES) - {"anonymous"}
WORDS_OF_CUSTOMERS = EVERYBODY - {"guest"}
LEADING = frozenset({"leader", "executive", "facilitator"})
BRING_IN = frozenset({"executive", "administrator"})
CONVENING = frozenset({"executive"})  # who keeps the exchange of the scene
NOBODY: frozenset[str] = frozenset()
# Whoever may see the word, by the name of its field; the first that fits holds.
MAY_SEE: tuple[tuple[str, frozenset[str]], ...] = (
    ("(exchange|breach|brake|side|practice|decision|stand|dissent) .*", CONVENING),
    ("(part|programme|expectation|meeting|media|outsider) .*", CONVENING),
    ("customer words", WORDS_OF_CUSTOMERS),
    ("found words", LEADING | {"administrator"}),
    ("others (ask|because)", LEADING | {"stranger"}),
    (".* (ask|because)|.* promise .*|decline words|verdict words|thanks", LEADING | {"server"}),
    ("file .*|bad .*", BRING_IN),
    ("token name", frozenset({"administrator"})),
    ("(cook|leader) person", BRING_IN | {"leader"}),
    (".* person", BRING_IN),
    (".* title|.* block|what was written", WORDS_OF_CUSTOMERS),
    ("rule|rule why|barrier|own word|noticed", WORDS_OF_CUSTOMERS),
    ("answer on (serve|culture)", frozenset({"leader", "cook"})),
    ("serve first|wants|(have|do) words|outcome unit|else changed", WORDS_OF_CUSTOMERS),
    ("change where|claim (words|source)|plan moment", WORDS_OF_CUSTOMERS),
    ("organisation", EVERYBODY),
    ("kept words|day off", LEADING),
    ("card|objection card|card name|nominee|noticed by a phone", LEADING),
    ("(bakery|kitchen) name|what bakery serves", EVERYBODY),
    (".* name|what .* serves|place", EVERYBODY - {"guest"}),
    ("touchpoint|moment|theme|served well|wait", WORDS_OF_CUSTOMERS),
)
PUBLIC = {
    "touchpoint",
    "place",
    "moment",
    "organisation",
    "kitchen name",
    "bakery name",
    "wave title",  # stands on what everybody with a card is promised
    "workshop name",  # stands at the door of the room, for whoever has its code
}


# Fields whose word has to come up for everybody who may see it, or the crawl is blind.
SURE = {
    "customer words",
    "others ask",
    "open ask",
    "ticket ask",
    "kept promise sign",
    "file words",
    "token name",
    "cook person",
    "kitchen name",
    "what kitchen serves",
    "touchpoint",
    "pulse title",
    "what was written",
    "rule",
    "barrier",
    "noticed",
    "serve first",
    "have words",
    "claim words",
    "kept words",
    "answer on serve",
    "exchange name",
    "exchange member",
}


SAID: set[str] = set()


def canary(slot: str) -> str:
    SAID.add(slot)
    return f"Kanari {slot.replace(' ', '_')} Vogel"


CANARY = re.compile(r"Kanari (\w+) Vogel")


@pytest.fixture
def scene(clean_house: None) -> Scene:
    return build(canary)


def allowed(slot: str, role: str) -> bool:
    if slot == f"{role} person" or (slot in PUBLIC and role in {"anonymous", "guest"}):
        return True
    return role in next(roles for pattern, roles in MAY_SEE if re.fullmatch(pattern, slot))


def signed_in(scene: Scene, role: str) -> Client:
    """Sign in by the form, as people do, so that pages open which ask for a fresh sign-in."""
    client = Client()
    if role != "anonymous":
        sent = {"login": scene.people[role].username, "password": f"password of {role}"}
        assert client.post("/account/login/", sent).status_code == 302
        assert client.post("/account/reauthenticate/", sent).status_code == 302
    return client


def test_a_word_comes_up_only_for_those_who_may_see_it(scene: Scene) -> None:
    """One house for all, those who see most first, so that nothing kept of one is shown."""
    with written() as lines:
        for role in sorted(ROLES, key=lambda role: role not in BRING_IN | LEADING):
            found: dict[str, str] = {}
            for address, text in crawl(scene, signed_in(scene, role)):
                names = {word.replace("_", " ") for word in CANARY.findall(text)}
                # A sheet is read by each of its fonts; what a wrong one reads is nobody's word.
                names &= SAID
                found |= dict.fromkeys(names - _told_by_name(role, address), address)
                kept = [secret for secret in secrets_of(scene) if secret not in address]
                assert [secret for secret in kept if secret in text] == [], (role, address)
            assert {s: found[s] for s in found if not allowed(s, role)} == {}, role
            assert {slot for slot in SURE if allowed(slot, role)} - found.keys() == set(), role
    assert lines.getvalue()
    for secret in (*secrets_of(scene), "Kanari", "person"):
        assert secret not in lines.getvalue()


def _told_by_name(role: str, address: str) -> set[str]:
    """Names for whoever asked, answers, or scanned the code of a seat or a table."""
    if re.fullmatch("/plans/[^/]+/group/", address) and role in LEADING:  # who sits together
        return {"leader person"}
    if address.startswith("/nominated/"):  # whoever is named reads what was noticed, by a code
        return {"nominee", "noticed by a phone"}
    if address.startswith(("/seat/", "/table/")):
        return {"lab floor name"}
    if address == "/" or address.startswith(("/waves/", "/draw/", "/answer/")):
        return {"executive person"}
    readers = LEADING if role in {"server", "stranger"} and address == "/readers/" else ()
    return {f"{reader} person" for reader in readers}


def secrets_of(scene: Scene) -> list[str]:
    return [scene.ticket, scene.key, scene.link, "password of"]


def test_what_a_holder_of_a_ticket_sees_is_the_ask_alone(scene: Scene) -> None:
    client = Client()
    answer = client.post("/ticket/", {"code": scene.ticket})
    assert answer["Cache-Control"] == "no-store"
    assert "session" not in client.cookies
    page = read(answer)
    slots = {word.replace("_", " ") for word in CANARY.findall(page)}
    assert slots == {"ticket ask", "kitchen name", "floor name", "place"} | {
        f"ticket promise {part}" for part in ("what", "who", "sign")
    }


@pytest.mark.parametrize("role", ["executive", "anonymous"])
def test_what_breaks_tells_nobodys_words(
    scene: Scene, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_given: object) -> None:
        raise RuntimeError(canary("customer words"))

    for at in ("home.parties_of", "pyramid._scope", "readers._openings"):
        monkeypatch.setattr(f"upturn.house.{at}", broken)
    monkeypatch.setattr("upturn.voice.commands.hand_in", broken)
    monkeypatch.setattr("upturn.commitments.queries.ask_by_ticket", broken)
    client = scene.client(role, raise_request_exception=False)
    said = {"words": canary("customer words"), "visit": new_visit(scene.point.code)}
    with written() as lines:
        pages = [client.get(address) for address in ("/", "/pyramid/", "/readers/")]
        pages.append(client.post("/ticket/", {"code": scene.ticket}))
        pages.append(client.post(f"/say/{scene.point.code}/", said))
    assert [page.status_code for page in pages if page.status_code not in {302, 500}] == [], pages
    assert not any("Kanari" in read(page) or scene.ticket in read(page) for page in pages)
    assert "RuntimeError" in lines.getvalue()
    for kept in ("Kanari", scene.ticket, scene.point.code):
        assert kept not in lines.getvalue()


def test_an_export_of_everything_leaves_the_keys_at_home(scene: Scene, tmp_path: Path) -> None:
    tables = dict(export.write_everything(tmp_path))
    text = "".join((tmp_path / name).read_text(encoding="utf-8-sig") for name in tables)
    assert canary("ticket ask") in text
    assert scene.held["nominated"] not in text
    hashes = [hash_of(scene.key), hash_of(scene.link), queries.ticket_hash(scene.ticket)]
    passwords = [person.password for person in scene.people.values()]
    for secret in (*secrets_of(scene), *hashes, *passwords):
        assert secret not in text
