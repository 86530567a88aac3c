"""What a party's key signs outside ballots: one way of writing it down for every device."""

from json import dumps

from upturn.exchange.engine.errors import Malformed

LABEL = "upturn exchange 1"
ENROL, COME_BACK, CHARTER, REQUEST = "enrol", "come back", "charter", "request"


def to_sign(what: str, *parts: str) -> bytes:
    r"""Write down what is signed: the label, what it is, and each part on a line of its own.

    Parameters
    ----------
    what : str
        `ENROL` (exchange, party, signing key, sealing key), `COME_BACK` (exchange, party, nonce),
        `CHARTER` (exchange, number, digest) or `REQUEST` (party, method, path, SHA-256 of the body,
        round or "-", nonce, time).
    *parts : str
        Without line breaks.

    Raises
    ------
    Malformed
        If a part breaks the line, so that two sayings could be written alike.

    Examples
    --------
    >>> to_sign(COME_BACK, "ab12", "cd34", "00ff")
    b'upturn exchange 1\ncome back\nab12\ncd34\n00ff'
    """
    if any("\n" in part for part in (what, *parts)):
        raise Malformed("What is signed has a line break inside a part. Write it on one line.")
    return "\n".join((LABEL, what, *parts)).encode()


def plain_json(said: object) -> bytes:
    r"""Write down as JSON what is hashed before it is signed; every browser writes the same bytes.

    Examples
    --------
    >>> plain_json(["Café", 1, {"b": True}])
    b'["Caf\xc3\xa9",1,{"b":true}]'
    """
    return dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
