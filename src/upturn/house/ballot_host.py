"""A sealed benchmark at a host, as a company's command line speaks to it: every request signed."""

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from upturn.exchange.engine.ballot import (
    AcceptedList,
    Benchmark,
    Confirmation,
    Packet,
    Received,
    read_ballot,
    read_confirmation,
    read_list,
    read_packet,
    read_roster,
    read_sheet,
    read_signed_roster,
)
from upturn.exchange.engine.errors import BadKey, BadList, BallotError, Malformed
from upturn.exchange.engine.signed_words import REQUEST, to_sign
from upturn.house.ballot_files import KeyFile

PATIENCE_S = 60
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_LAST = re.compile(r"/exchanges/[\w-]+/(?:benchmarks|rounds)/([\w-]+)/?$")
_KINDS = {"ballots": "ballot", "confirmations": "confirmation", "sums": "sums"}


class HostRefused(BallotError):
    """A host that answers with a refusal, or not at all."""


@dataclass(frozen=True)
class Host:
    """Where a round's page is, and the key file by which a company speaks there.

    Parameters
    ----------
    address : str
        The address of the round's page, as a browser shows it.
    file : KeyFile
        One that says which party of the exchange it belongs to.
    """

    address: str
    file: KeyFile

    @cached_property
    def ref(self) -> str:
        """The round's reference, the last word of its page's address."""
        found = _LAST.search(urlsplit(self.address).path)
        if found is None:
            raise HostRefused(
                f"{self.address} is not the address of a round’s page. Copy it from your browser: "
                "it has /exchanges/ in it, and benchmarks or rounds."
            )
        return found[1]

    @cached_property
    def party(self) -> str:
        """Who speaks: the party in the key file that was saved on entering the exchange."""
        told = json.loads(self.file.path.read_text(encoding="utf-8")).get("party", "")
        if not isinstance(told, str) or not told:
            raise BadKey(
                f"{self.file.path.name} does not say which party it belongs to. Take the file that "
                "was saved when your company came into the exchange."
            )
        return told

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Send a signed request about this round; raise HostRefused with what the host says."""
        words = self._signed(method, path, body)
        headers = {"Authorization": f"Upturn {' '.join(words)}", "Content-Length": str(len(body))}
        connection = self._connection()
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as error:
            said = f"{self.address} does not answer ({error}). Nothing is lost; try again later."
            raise HostRefused(said) from error
        finally:
            connection.close()
        if answer.status >= 300:
            raise HostRefused(_said(content, answer.status))
        return content

    def _signed(self, method: str, path: str, body: bytes) -> tuple[str, ...]:
        nonce, at = secrets.token_hex(16), str(int(time.time()))
        digest = sha256(body).hexdigest()
        said = to_sign(REQUEST, self.party, method, path, digest, self.ref, nonce, at)
        return self.party, self.ref, nonce, at, self.file.key.sign(said).hex()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.address)
        if parts.scheme == "https" and parts.hostname:
            return HTTPSConnection(parts.hostname, parts.port, timeout=PATIENCE_S)
        if parts.scheme == "http" and parts.hostname in HERE:
            return HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
        raise HostRefused(f"{self.address} does not begin with https://. Ask the host for one.")


def _said(content: bytes, status: int) -> str:
    """Give a refusal's sentence, or the bare number of an answer that has none."""
    try:
        told = json.loads(content)
        return str(told["said"])
    except (ValueError, KeyError, TypeError):
        return f"The host answered {status} and says no more. Nothing is lost; try again later."


class HostRound:
    """A round at its host, asked anew by `look`; it has what `RoundFolder` has of a folder."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.packet: Packet = read_packet(host.ask("GET", self._path))

    @property
    def _path(self) -> str:
        return f"/api/exchange/benchmarks/{self.host.ref}/"

    def look(self) -> "HostRound":
        """Ask the host again where the round stands."""
        return HostRound(self.host)

    @property
    def state(self) -> str:
        """Where the round stands: roster, submitting, confirming, opening, opened or refused."""
        return self.packet.state

    @cached_property
    def benchmark(self) -> Benchmark:
        """The sheet on its roster, checked, every signature included."""
        signed = read_signed_roster(self.packet.signed_roster)
        signed.check()
        return Benchmark(signed.roster, read_sheet(self.packet.sheet))

    @cached_property
    def listed(self) -> AcceptedList:
        """The accepted list."""
        if not self.packet.accepted:
            raise BadList("The host has not closed the round yet, so there is no list.")
        return read_list(self.packet.accepted)

    def received(self, holder: int) -> Mapping[int, Received]:
        """Each ballot on the list with this company's own box; the host gives no other."""
        if holder != self.packet.index:
            raise Malformed("The host gave what is for another company. Tell the convener.")
        return {
            index: Received(read_ballot(ballot), box) for index, ballot, box in self.packet.ballots
        }

    def confirmations(self) -> list[Confirmation]:
        """Every confirmation that is in."""
        return [read_confirmation(each) for each in self.packet.confirmations]

    @property
    def confirmed_by_all(self) -> bool:
        """Whether every company on the roster confirmed."""
        return len(self.packet.confirmations) == len(self.packet.signatures)

    def put(self, folder: str, _index: int, content: bytes) -> str:
        """Send a message to the host; give the host's address, where it is now."""
        self.host.ask("POST", f"{self._path}{_KINDS[folder]}/", content)
        return self.host.address

    def sign_roster(self) -> None:
        """Sign the roster if this company stands on it with this key; reading it counts owners."""
        roster, key = read_roster(self.packet.roster), self.host.file.key
        if roster.index_of(key.public) != self.packet.index:
            raise BadList("The host says another line of the roster is yours. Do not sign; call.")
        self.host.ask("POST", f"{self._path}roster/", key.sign(roster.written))

    def bundle(self) -> bytes:
        """Give ``round.zip`` of an opened round."""
        return self.host.ask("GET", f"{self._path}round.zip")
