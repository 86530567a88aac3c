"""``upturn post``: words for a round of an exchange, checked on their author's machine first."""

import json
import secrets
from pathlib import Path
from typing import TextIO

import click

from upturn.exchange.engine.errors import BallotError
from upturn.exchange.engine.guard import Finding, Stop, check_text, shipped_rules, stop_for
from upturn.house.ballot_files import KeyFile, write_safely
from upturn.house.ballot_host import Host

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("post")
@click.argument("words", type=click.File(encoding="utf-8"), default="-")
@click.option("--to", "address", required=True, help="Address of the round's page at its host.")
@click.option("--key", "key_path", type=file_argument, required=True, help="Your key file.")
@click.option(
    "--private", type=file_argument, help="Your own words that must not be said, one a line."
)
@click.option("--fine", is_flag=True, help="Send it after a soft stop: you have a reason.")
def post_(
    words: TextIO,
    address: str,
    key_path: Path,
    private: Path | None,
    *,
    fine: bool,
) -> None:
    """Hand in WORDS (a file, or what is typed) as your company's answer in a round.

    A rule, not a person, may stop them. The check is on this machine: nothing leaves before it
    passed, and your own list of words never does.
    """
    said = " ".join(words.read().split())
    listed = private.read_text(encoding="utf-8").splitlines() if private else []
    found = check_text(said, private_words=[word for word in listed if word.strip()])
    stop = stop_for(found)
    for finding in found:
        click.echo(_explained(finding))
    if stop is Stop.HARD:
        raise click.ClickException("Nothing was sent. Say it in another way.")
    if stop is Stop.SOFT and not fine:
        raise click.ClickException(
            "Nothing was sent. Say it in another way, or add --fine if you have a reason."
        )
    try:
        _send(Host(address, KeyFile(key_path)), said, stop)
    except BallotError as error:
        raise click.ClickException(str(error)) from None


def _explained(finding: Finding) -> str:
    return f"Stopped: “{finding.said}”\n  {finding.rule.line} {finding.rule.instead}"


def _send(host: Host, said: str, stop: Stop) -> None:
    """Keep the post's key beside the key file before anything is sent: it takes the post back."""
    ref, key = secrets.token_hex(16), secrets.token_hex(16)
    path = host.file.path
    kept = path.with_name(f"{path.name}.{ref[:8]}.post")
    write_safely(kept, json.dumps({"ref": ref, "key": key}).encode(), private=True)
    fields = {
        "ref": ref,
        "key": key,
        "words": said,
        "guard_version": shipped_rules().rules[0].version,
        "guard_stop": stop.value,
        "guard_reason": "yes" if stop is Stop.SOFT else "",
    }
    host.ask("POST", f"/api/exchange/talk/{host.ref}/", json.dumps(fields).encode())
    click.echo(f"Handed in. {kept} is the key by which your company can take it back.")
