"""An organisation out of a generator, for attacks that need to know who answered what."""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.blocks import Unit

Ints = NDArray[np.int64]

ATTRIBUTES = {"gender": (0.49, 0.48, 0.03), "tenure": (0.15, 0.35, 0.3, 0.2)}
ANSWERS = (0.035, 0.1, 0.25, 0.38, 0.235)  # mean 3.68, standard deviation 1.05
SMALLEST, LARGEST = 2, 24
SIDES = ("servers", "leaders")


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """People in teams, and what they answered in one wave.

    Parameters
    ----------
    team : int array, (people,)
    department : int array, (teams,)
    division : int array, (departments,)
    leader : bool array, (people,)
        One in each team.
    attributes : int8 array, (people, 3)
        Gender and tenure, as in `ATTRIBUTES`, and whether somebody leads.
    answered : bool array, (people,)
    answers : int8 array, (people, questions)
        1..5, also of those who did not answer: what they would have said; 0 for left out.
    """

    team: Ints
    department: Ints
    division: Ints
    leader: NDArray[np.bool_]
    attributes: NDArray[np.int8]
    answered: NDArray[np.bool_]
    answers: NDArray[np.int8]

    @property
    def people(self) -> int:
        """How many."""
        return len(self.team)

    def seat(self) -> tuple[list[str], Ints]:
        """Name every unit on its side, and the unit of each person.

        Returns
        -------
        list of str, int array (people,)
            Servers sit in their team, leaders in their division.
        """
        teams, divisions = len(self.department), int(self.division.max()) + 1
        names = [f"team-{n}" for n in range(teams)] + [f"leaders-{n}" for n in range(divisions)]
        above = teams + self.division[self.department[self.team]]
        return names, np.where(self.leader, above, self.team)

    def units(self) -> tuple[Unit, ...]:
        """Units of both sides, for `upturn.privacy.pre_blocks`."""
        names, seats = self.seat()
        people = np.bincount(seats, minlength=len(names))
        teams = len(self.department)
        found = []
        for n, name in enumerate(names):
            parents: tuple[str, ...] = ("whole",)
            if n < teams:
                department = self.department[n]
                parents = (
                    f"department-{department}",
                    f"division-{self.division[department]}",
                    "whole",
                )
            found.append(Unit(name, SIDES[n >= teams], parents, int(people[n])))
        return tuple(found)

    def answered_by(self) -> dict[str, int]:
        """Count ballots of each unit."""
        names, seats = self.seat()
        counts = np.bincount(seats[self.answered], minlength=len(names))
        return dict(zip(names, counts.tolist(), strict=True))


def simulated_organisation(
    rng: np.random.Generator,
    *,
    people: int = 2000,
    teams: int = 200,
    questions: int = 20,
    answer_rate: float = 0.8,
    left_out: float = 0.0,
) -> Organisation:
    """Draw an organisation of the shape the published attacks were measured on.

    Parameters
    ----------
    rng : numpy.random.Generator
    people : int
        About; sizes of teams are rounded.
    teams : int
        Five teams make a department and five departments a division. A tenth of the teams has at
        most 4 people, half at most 9, a tenth at least 17.
    questions : int
        On a scale of five.
    answer_rate : float
        Share of people who answer.
    left_out : float
        Share of answers to one question left out by those who answer.

    Returns
    -------
    Organisation
    """
    departments = teams // 5
    drawn = np.exp(rng.normal(0, 0.55, teams))
    sizes = np.clip(np.rint(9 * drawn), SMALLEST, LARGEST)
    sizes = np.clip(np.rint(sizes * people / sizes.sum()), SMALLEST, LARGEST).astype(np.int64)
    team = np.repeat(np.arange(teams), sizes)
    first = np.zeros(len(team), dtype=bool)
    first[np.cumsum(sizes) - sizes] = True
    attributes = [
        rng.choice(len(shares), size=len(team), p=shares) for shares in ATTRIBUTES.values()
    ]
    answers = draw_answers(rng, team, questions=questions)
    return Organisation(
        team=team,
        department=rng.permutation(np.arange(teams) % departments),
        division=np.arange(departments) // 5,
        leader=first,
        attributes=np.stack([*attributes, first], axis=1).astype(np.int8),
        answered=rng.random(len(team)) < answer_rate,
        answers=np.where(rng.random(answers.shape) < left_out, 0, answers).astype(np.int8),
    )


def draw_answers(
    rng: np.random.Generator, team: Ints, *, questions: int, alike: float = 0.17
) -> NDArray[np.int8]:
    """Draw answers that people of one team share to some degree.

    Parameters
    ----------
    rng : numpy.random.Generator
    team : int array, (people,)
    questions : int
    alike : float
        Share of the variance between teams, 0..1.

    Returns
    -------
    int8 array, (people, questions)
        1..5.
    """
    teams = int(team.max()) + 1
    own = np.sqrt(1 - alike) * rng.standard_normal((len(team), questions))
    shared = np.sqrt(alike) * rng.standard_normal((teams, questions))
    cuts = [NormalDist().inv_cdf(share) for share in np.cumsum(ANSWERS[:-1])]
    return np.asarray(np.searchsorted(cuts, own + shared[team]) + 1, dtype=np.int8)


def next_wave(
    rng: np.random.Generator,
    before: Organisation,
    *,
    movers: float = 0.06,
    keep: float = 0.8,
    answer_rate: float = 0.8,
) -> Organisation:
    """Let time pass: some people change their team, some their answers, others answer.

    Parameters
    ----------
    rng : numpy.random.Generator
    before : Organisation
    movers : float
        Share of servers who go to another team.
    keep : float
        Share of answers that stay as they are; the others are drawn anew.
    answer_rate : float

    Returns
    -------
    Organisation
        The same people, in the same order.
    """
    moves = (rng.random(before.people) < movers) & ~before.leader
    anywhere = rng.integers(len(before.department), size=before.people)
    team = np.where(moves, anywhere, before.team)
    fresh = draw_answers(rng, team, questions=before.answers.shape[1])
    kept = (rng.random(fresh.shape) < keep) | (before.answers == 0)
    return replace(
        before,
        team=team,
        answered=rng.random(before.people) < answer_rate,
        answers=np.where(kept, before.answers, fresh).astype(np.int8),
    )
