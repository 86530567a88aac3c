"""Messages signed as Standard Webhooks say: HMAC-SHA256 of id, moment and the bytes as they came.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hashlib
import hmac
import re
from base64 import b64encode
from shlex import quote
from typing import NamedTuple

from upturn.floor.engine.errors import NotSigned, SignedAnotherTime

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
TOLERANCE_S = 300
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every such secret begins with
SIGNATURES_MOST = 8
_BY_HAND = """\
address={address}
secret={secret}
body={body}
id=$(openssl rand -hex 16) at=$(date +%s)
key=$(printf %s "${{secret#whsec_}}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
signature=$(printf %s "$id.$at.$body" | \\
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl -s "$address" -H 'content-type: application/json' --data-binary "$body" \\
  -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$signature"
"""
_ID = re.compile(r"[!-~]{1,200}")
_MOMENT = re.compile(r"[0-9]{1,11}")


class Signed(NamedTuple):
    """A message: the three headers as they came, and the bytes of the body."""

    id: str
    timestamp: str
    signatures: str
    body: bytes


def shown(key: bytes) -> str:
    """Write a key as programs keep it.

    >>> shown(bytes(24))
    'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    return SECRET_PREFIX + b64encode(key).decode()


def sign(key: bytes, *, id: str, timestamp: str, body: bytes) -> str:  # noqa: A002 - as the header
    """Give what stands in the header `webhook-signature`.

    >>> sign(bytes(24), id="msg_1", timestamp="1614265330", body=b'{"test": 1}')
    'v1,4wCDhMq6e8srYaN60eWqJKdHQcBsov6s6fo2kvug4fg='
    """
    content = b".".join((id.encode(), timestamp.encode(), body))
    return "v1," + b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def check_signed(message: Signed, key: bytes, *, now_s: float) -> None:
    """Refuse what this key did not sign within five minutes from now.

    Parameters
    ----------
    now_s : float
        Seconds since 1970.

    Raises
    ------
    NotSigned
        Without a word on which part is wrong.
    SignedAnotherTime
        Only for messages whose signature is right.
    """
    sound = _ID.fullmatch(message.id) and _MOMENT.fullmatch(message.timestamp)
    given = message.signatures.split()[:SIGNATURES_MOST] if sound else []
    id_, moment = (message.id, message.timestamp) if sound else ("", "0")
    right = sign(key, id=id_, timestamp=moment, body=message.body).encode()
    matches = [hmac.compare_digest(right, one.encode(errors="replace")) for one in given]
    if not any(matches):
        raise NotSigned
    if abs(int(moment) - now_s) > TOLERANCE_S:
        raise SignedAnotherTime(now_s)


def signed_by_hand(address: str, secret: str, body: str) -> str:
    """Write the lines that send a message from a shell with openssl and curl."""
    return _BY_HAND.format(address=quote(address), secret=quote(secret), body=quote(body))
