"""What the house keeps of a secret, and what it signs for others to show again."""

import hashlib
import hmac

from django.conf import settings


def hash_of(secret: str) -> str:
    """Hash under which a random secret of at least 128 bits is kept and looked up."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def proof_of(said: str) -> str:
    """Sign a sentence with the key of the installation."""
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()
