"""Keys of the example exchange: drawn from names, so that anybody who tries it can sign."""

from hashlib import sha256

from upturn.exchange.engine.ballot import Key, write_key_file


def demo_key(name: str) -> Key:
    """Give the key of a party of the demo, which is no secret and would protect nothing."""
    return Key(sha256(f"upturn demo exchange {name}".encode()).digest())


def demo_key_file(name: str) -> str:
    """Write that key as the file its leader would have kept."""
    return write_key_file(demo_key(name), company=name)
