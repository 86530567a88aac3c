"""Twelve thousand comments: about what, how good, and in which words."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate

from upturn.stats.draws import generator

from .moments import draw_moments, first_day, split, story_day
from .phrases import phrasebook
from .shapes import Feedback, Touchpoint, Truth
from .slips import slip
from .sources import Dice, mondays, words
from .speech import MINUS, MIXED, PLUS, Occasion, praise_for, write
from .stories import Story, stories

POLARITY = {MINUS: -1, MIXED: 0, PLUS: 1}
SCORE = {MINUS: (3.9, 1.5), MIXED: (6.4, 1.1), PLUS: (9.0, 0.9)}
SHARE_MIXED = 0.09
SHARE_OF_TOUCHPOINTS_KNOWN = 0.85
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
Weighted = tuple[Sequence[str], Sequence[float]]
CHANNELS: Mapping[str, Weighted] = {
    "find": (("web form", "booking mail"), (0.6, 1)),
    "pay": (("till", "table code", "booking mail"), (0.35, 0.85, 1)),
    "pickup": (("till", "web form"), (0.3, 1)),
    "banquet": (("booking mail", "web form"), (0.6, 1)),
    "after": (("booking mail",), (1,)),
    "": (("table code", "web form", "booking mail", "till"), (0.62, 0.78, 0.92, 1)),
}
SCORED = {"table code": 0.74, "web form": 0.68, "booking mail": 0.38, "till": 1.0}
SHORT = {"table code": 0.14, "web form": 0.05, "booking mail": 0.0, "till": 0.8}


@dataclass(frozen=True, slots=True)
class Scene:
    """A touchpoint on one day, with the story that plays there by then, if any."""

    key: str
    house: str
    moment: str
    story: Story | None
    known: Mapping[str, str]


def draw_feedback(
    touchpoints: Sequence[Touchpoint], *, today: date, seed: int, count: int
) -> tuple[tuple[Feedback, ...], tuple[Truth, ...]]:
    """Draw ``count`` comments in the order of time, and beside them what each was drawn to say."""
    draws = generator(seed, "restaurant group", "comments")
    moments = draw_moments(touchpoints, today=today, count=count, generator=draws)
    noise, dice = draws.standard_normal(count).tolist(), Dice(draws)
    # Words have dice of their own: a new sentence in words/ leaves every score as it was.
    pen = Dice(generator(seed, "restaurant group", "words"))
    scenes = _Scenes(touchpoints, today=today)
    start = datetime.combine(first_day(today), datetime.min.time(), tzinfo=UTC)
    feedback, truths = [], []
    for number in range(count):
        day = int(moments.day[number])
        scene = scenes.on(int(moments.touchpoint[number]), day=day)
        at = start + timedelta(days=day, minutes=int(moments.minute[number]))
        channel = _choose(CHANNELS.get(scene.moment, CHANNELS[""]), dice=dice)
        occasion = _occasion(scene, bad=moments.bad[number], channel=channel, dice=dice)
        known = scene.key if dice.chance(SHARE_OF_TOUCHPOINTS_KNOWN) else None
        name = f"four-hearths-{number + 1:06d}"
        score = _score(occasion, channel=channel, noise=noise[number], dice=dice)
        said = write(phrasebook(), occasion=occasion, dice=pen)
        text = slip(said, tone=occasion.tone, dice=pen)
        feedback.append(Feedback(text, *score, at, known, channel, name))
        truths.append(Truth(name, scene.key, occasion.theme, POLARITY[occasion.tone]))
    return tuple(feedback), tuple(truths)


class _Scenes:
    """Scenes by touchpoint and day, each made once."""

    def __init__(self, touchpoints: Sequence[Touchpoint], *, today: date) -> None:
        self._touchpoints = touchpoints
        self._today = today
        self._made: dict[tuple[int, int], Scene] = {}

    def on(self, index: int, *, day: int) -> Scene:
        if (index, day) not in self._made:
            self._made[index, day] = self._make(self._touchpoints[index].key, day=day)
        return self._made[index, day]

    def _make(self, key: str, *, day: int) -> Scene:
        known = {"day": DAY_NAMES[(first_day(self._today) + timedelta(days=day)).weekday()]}
        story = stories().get(key)
        if story is None or day < story_day(story, today=self._today):
            return Scene(key, *split(key), None, known)
        began = mondays(self._today)[story.week]
        since, before = began - timedelta(weeks=1), began - timedelta(weeks=8)
        months = {"since": MONTHS[since.month - 1], "before": MONTHS[before.month - 1]}
        return Scene(key, *split(key), story, known | months)


def _choose(weighted: Weighted, *, dice: Dice) -> str:
    names, upto = weighted
    return names[bisect(upto, dice.roll() * upto[-1])]


def _occasion(scene: Scene, *, bad: float, channel: str, dice: Dice) -> Occasion:
    roll = dice.roll()
    tone = MINUS if roll < bad else MIXED if roll < bad + SHARE_MIXED else PLUS
    kind = PLUS if tone == PLUS else MINUS
    story = scene.story
    weight = (story.theme, story.weight) if story else ("", 0.0)
    theme = _choose(_themes(kind, scene.moment, weight), dice=dice)
    occasion = Occasion(
        house=scene.house,
        touchpoint=scene.moment,
        theme=theme,
        tone=tone,
        in_story=story is not None and story.theme == theme,
        short=dice.chance(SHORT[channel]),
        known=scene.known,
    )
    if tone == MIXED and not praise_for(phrasebook(), occasion=occasion):
        return occasion._replace(tone=MINUS)
    return occasion


@cache
def _themes(tone: str, moment: str, story: tuple[str, float]) -> Weighted:
    weights = {
        row["key"]: row[tone][moment]
        for row in words("themes")["theme"]
        if moment in row.get(tone, {})
    }
    if story[0] in weights:
        weights[story[0]] = story[1]
    return tuple(weights), tuple(accumulate(weights.values()))


@cache
def _lean(theme: str) -> float:
    return next(
        float(row.get("lean", 0)) for row in words("themes")["theme"] if row["key"] == theme
    )


def _score(
    occasion: Occasion, *, channel: str, noise: float, dice: Dice
) -> tuple[int | None, int, int]:
    low, high = (1, 5) if channel == "till" else (0, 10)
    if not dice.chance(SCORED[channel]):
        return None, low, high
    usual, spread = SCORE[occasion.tone]
    lean = 0.0 if occasion.tone == PLUS else _lean(occasion.theme)
    share = min(max((usual + lean + spread * noise) / 10, 0.0), 1.0)
    return round(low + share * (high - low)), low, high
