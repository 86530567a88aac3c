"""Serving to the phones in one room: this machine's address on the local network, and its code."""

import io
import socket

import click
from django.conf import settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - said with --lan, which asks for just this
_FAR = ("192.0.2.1", 9)


def open_to_the_room(port: int) -> str:
    """Let the pages answer under this machine's own address, and give where that is.

    Raises
    ------
    click.ClickException
        If there is no local network, or the settings keep the pages to HTTPS.
    """
    if settings.HTTPS:
        msg = "UPTURN_HTTPS is set, and --lan serves plain HTTP. Unset it for a local network."
        raise click.ClickException(msg)
    host = own_address()
    if not host:
        msg = "This machine is in no network. Join one, or open a hotspot, and start again."
        raise click.ClickException(msg)
    if "*" not in settings.ALLOWED_HOSTS and host not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append(host)
    return f"http://{host}:{port}/"


def own_address() -> str:
    """Give the address by which others in the network reach this machine; empty if none do."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR)  # chooses a way out and sends nothing
            address = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if address.startswith("127.") else address


def code_in_the_terminal(address: str) -> str:
    """Draw the code of an address with letters, for a camera to read off the terminal."""
    import segno  # noqa: PLC0415 - one command draws codes

    drawn = io.StringIO()
    segno.make_qr(address, error="m").terminal(drawn, compact=True)
    return drawn.getvalue()
