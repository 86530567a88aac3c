"""The two things that happen on purpose while the organisation is drawn."""

from dataclasses import dataclass

from .sources import words


@dataclass(frozen=True, slots=True)
class Story:
    """From ``week`` on, guests at ``touchpoint`` have more (or less) to complain of.

    ``chance`` is added to the chance that a comment is bad; ``weight`` is how often it is then
    about ``theme``, on the scale of ``themes.toml``.
    """

    key: str
    touchpoint: str
    theme: str
    week: int
    chance: float
    weight: float


def stories() -> dict[str, Story]:
    """Stories by the touchpoint at which guests notice them."""
    return {row["touchpoint"]: Story(**row) for row in words("stories")["story"]}
