"""Calls by interval, whoever wrote them down."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval of one queue.

    Parameters
    ----------
    start : datetime
        Aware, with the clock of the file.
    length_s : float
    calls : float
        Forecast for the whole interval.
    aht_s : float
    staff : int or None
        Agents planned; None where the file does not say.
    queue : str
        Empty where there is one.
    row : int
        In the file.
    """

    start: datetime
    length_s: float
    calls: float
    aht_s: float
    staff: int | None = None
    queue: str = ""
    row: int = 0

    @property
    def per_hour(self) -> float:
        """Rate of calls."""
        return self.calls * 3600 / self.length_s

    @property
    def end(self) -> datetime:
        """When it is over, on the same clock."""
        return (self.start.astimezone(UTC) + timedelta(seconds=self.length_s)).astimezone(
            self.start.tzinfo
        )
