"""What commands about floors share: the text of a file, and a console for what stands in it."""

from pathlib import Path

import click
from rich.console import Console

from upturn.floor.engine.described.toml_floor import LETTERS_MOST

WIDTH = 110  # where nobody looks and no terminal says how wide it is


def text_of(file: Path) -> str:
    """Read the text of a file, and no more of it than a floor may have."""
    try:
        with file.open(encoding="utf-8") as stream:
            return stream.read(LETTERS_MOST + 1)
    except UnicodeDecodeError:
        msg = f"{file.name} is not a text file in UTF-8. Save it as one, or name another file."
        raise click.ClickException(msg) from None
    except OSError as error:
        msg = f"{file.name} cannot be read: {error.strerror}. Name another file."
        raise click.ClickException(msg) from None


def console_of_tables() -> Console:
    """Give a console wide enough for tables; what stands in a file is no markup for it."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    return console
