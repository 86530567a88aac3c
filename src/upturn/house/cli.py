"""The command line. Django is loaded by the command that needs it, so that help comes at once."""

import gc
import importlib
import os
from typing import NamedTuple

import click

PROGRAM = "upturn"


class Entry(NamedTuple):
    """Where a command lives, one line of help, and the environment it begins with."""

    module: str
    help: str
    environment: dict[str, str]
    needs_site: bool = True


def _entry(module: str, text: str, **environment: str) -> Entry:
    return Entry(f"upturn.house.{module}", text, environment)


def _alone(module: str, text: str) -> Entry:
    """A command that works on files, without a site and its settings."""
    return Entry(f"upturn.house.{module}", text, {}, needs_site=False)


COMMANDS = {
    "demo": _entry(
        "cli_start",
        "Open the example organisation, with a sign-in for each role.",
        UPTURN_DEMO="yes",
        UPTURN_DATA="upturn-demo",
    ),
    "init": _entry("cli_start", "Set up your own organisation and its owner."),
    "exchange": _alone("cli", "Host an exchange between companies with one client."),
    "serve": _entry("cli_start", "Serve the pages, after bringing the database up to date."),
    "import": _entry("cli_import", "Bring in an organisation, comments or weekly measures."),
    "read": _alone("cli_read", "Read a file of comments: theme, praise or blame, how sure."),
    "trace": _alone("cli_trace", "Trace a touchpoint that fell to what moved together with it."),
    "lab": _alone("cli_lab", "Compare ways to serve on your own floor, and say what follows."),
    "shift": _entry(
        "cli_shift",
        "Play an hour of the lab into a live shift, to watch it.",
        UPTURN_DEMO="yes",
        UPTURN_DATA="upturn-replay",
    ),
    "staff": _alone("cli_staff", "Say how many agents a contact centre needs."),
    "coach": _alone("cli_coach", "Place coaching where the service level still holds."),
    "check-engine": _alone("cli_floor_check", "Hold the lab's simulation against exact theory."),
    "attack": _entry("cli_attack", "Attack what closed waves show, and print what was found."),
    "close": _entry("cli_wave", "Count waves that are over, publish them, erase the ballots."),
    "plan": _entry("cli_plan", "Read what came of plans, by the strongest design they allow."),
    "key": _alone("cli_ballot", "Make your company's key for sealed benchmarks."),
    "seal": _alone("cli_ballot", "Seal your figures for a benchmark that nobody can read."),
    "open": _alone("cli_ballot", "Confirm and open a sealed benchmark together with the others."),
    "verify": _alone("cli_ballot", "Recompute a sealed benchmark from its round.zip, offline."),
    "post": _alone("cli_post", "Check words on this machine and hand them in to an exchange."),
    "export": _entry("cli_data", "Write everything that is kept as CSV files."),
    "backup": _entry("cli_data", "Copy the database to one file, also while it is in use."),
    "restore": _entry("cli_data", "Put a backup in the place of the database."),
    "doctor": _entry("cli_doctor", "Check database, disk, clock, hosts, mail and journal."),
}

OF_EXCHANGES = {
    "init": _entry("cli_exchange", "Set up a host and the link for who keeps the exchange."),
    "kit": _entry("cli_kit", "Print an exchange's words for another client to begin with."),
    "readout": _alone("cli_readout", "Say what changed in places that began in steps."),
    "spread": _alone("cli_spread", "Say where differences lie: companies, centres, the rest."),
}


class House(click.Group):
    """Commands by name; a command's module is imported when it runs."""

    entries = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        if entry.needs_site:
            _begin(entry)
        name = f"{cmd_name.replace('-', '_')}_"
        command: click.Command = getattr(importlib.import_module(entry.module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.entries.items()])


class Exchange(House):
    entries = OF_EXCHANGES


def _begin(entry: Entry) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upturn.house.settings")
    for name, value in entry.environment.items():
        os.environ.setdefault(name, value)
    _set_up()


def _set_up() -> None:
    """Read the settings; a bad one ends here with its name instead of a traceback."""
    exceptions = importlib.import_module("django.core.exceptions")
    gc.disable()  # what is imported stays, and looking through it again and again takes a tenth
    try:
        importlib.import_module("django").setup()
    except exceptions.ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from None
    finally:
        gc.enable()


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="upturn")
def main() -> None:
    """Upturn: customers on top, and everyone who serves them, followed to a verdict."""


@click.group("exchange", cls=Exchange)
def exchange_() -> None:
    """Host an exchange between companies that compete and serve one client."""


if __name__ == "__main__":
    main()
