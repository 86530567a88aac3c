"""Floors and contact centres: how they are described, checked, and held against theory."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.floor.engine.checks.checking import check_engine
    from upturn.floor.engine.checks.judging import Check, CheckKind
    from upturn.floor.engine.checks.oracles import (
        m_g_1_wait,
        polling_sum,
        polling_wait,
        pooled_wins,
        pooling_range,
        priority_waits,
        return_to_station_wait,
        trip_batch_wait,
    )
    from upturn.floor.engine.checks.repairman import depot_load, repairman_best, repairman_bound
    from upturn.floor.engine.coaching.plan import Method, Plan, Session, Slack, Wanted, Why
    from upturn.floor.engine.coaching.slots import coaching_slots
    from upturn.floor.engine.described.checked import (
        UnusualSection,
        check_floor,
        check_policy,
        unusual_sections,
    )
    from upturn.floor.engine.described.loads import LeastLoad, least_load
    from upturn.floor.engine.described.toml_floor import floor_from_toml
    from upturn.floor.engine.described.toml_writing import floor_to_toml
    from upturn.floor.engine.drawing import draw_needs
    from upturn.floor.engine.erlang import (
        Waits,
        erlang_a,
        erlang_b,
        erlang_c,
        service_levels,
        wait_quantile_s,
    )
    from upturn.floor.engine.errors import (
        BadFloor,
        BadFloors,
        BadRows,
        BadSetting,
        BadVolumes,
        CannotKeepUp,
        FloorError,
        PolicyNamedWrongNeed,
        PolicyNeverServes,
        StoodStill,
    )
    from upturn.floor.engine.lab.conclusions import Conclusions, Finding, Verdict, conclude
    from upturn.floor.engine.lab.measures import Cell, Measure, Scope
    from upturn.floor.engine.lab.scenario import Scenario, scenario_from, usual_scenarios
    from upturn.floor.engine.lab.summary import Change, Summary, paired, summarise
    from upturn.floor.engine.needs import Needs
    from upturn.floor.engine.policy import (
        CustomPolicy,
        OneAtATime,
        OwnTheWhole,
        Policy,
        Pooled,
        ScanSection,
        Serves,
        SkillRouting,
    )
    from upturn.floor.engine.rounds import plan_round
    from upturn.floor.engine.runs import Outcome, Records, Runs, Work
    from upturn.floor.engine.shapes import (
        Behaviour,
        Day,
        Durations,
        Edge,
        Floor,
        Kind,
        Law,
        NeedType,
        Node,
        Section,
        Server,
    )
    from upturn.floor.engine.simulating import compare, simulate
    from upturn.floor.engine.staffing.adding_up import AddedUp, add_up
    from upturn.floor.engine.staffing.agents import Gives, Staffing, agents_for, staff_intervals
    from upturn.floor.engine.staffing.centre import Centre, Level, centre_of
    from upturn.floor.engine.staffing.intervals import Interval
    from upturn.floor.engine.staffing.skills import (
        Group,
        Queue,
        SkilledStaff,
        staff_centre,
        staff_skills,
    )
    from upturn.floor.engine.staffing.standards import Standard

_NAMES = {
    "staffing.adding_up": "AddedUp add_up",
    "staffing.centre": "Centre Level centre_of",
    "described.checked": "UnusualSection check_floor check_policy unusual_sections",
    "checks.checking": "check_engine",
    "checks.judging": "Check CheckKind",
    "coaching.slots": "coaching_slots",
    "coaching.plan": "Method Plan Session Slack Wanted Why",
    "lab.conclusions": "Conclusions Finding Verdict conclude",
    "drawing": "draw_needs",
    "erlang": "Waits erlang_a erlang_b erlang_c service_levels wait_quantile_s",
    "errors": "BadFloor BadFloors BadRows BadSetting BadVolumes CannotKeepUp FloorError "
    "PolicyNamedWrongNeed PolicyNeverServes StoodStill",
    "staffing.intervals": "Interval",
    "described.loads": "LeastLoad least_load",
    "lab.measures": "Cell Measure Scope",
    "needs": "Needs",
    "checks.oracles": "m_g_1_wait polling_sum polling_wait pooled_wins pooling_range "
    "priority_waits "
    "return_to_station_wait trip_batch_wait",
    "policy": "CustomPolicy OneAtATime OwnTheWhole Policy Pooled ScanSection Serves SkillRouting",
    "checks.repairman": "depot_load repairman_best repairman_bound",
    "rounds": "plan_round",
    "runs": "Outcome Records Runs Work",
    "lab.scenario": "Scenario scenario_from usual_scenarios",
    "shapes": "Behaviour Day Durations Edge Floor Kind Law NeedType Node Section Server",
    "simulating": "compare simulate",
    "staffing.skills": "Group Queue SkilledStaff staff_centre staff_skills",
    "staffing.agents": "Gives Staffing agents_for staff_intervals",
    "staffing.standards": "Standard",
    "lab.summary": "Change Summary paired summarise",
    "described.toml_floor": "floor_from_toml",
    "described.toml_writing": "floor_to_toml",
}  # fmt: skip
"""What is offered from where: a module is loaded when the first of its names is asked for."""
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "AddedUp",
    "BadFloor",
    "BadFloors",
    "BadRows",
    "BadSetting",
    "BadVolumes",
    "Behaviour",
    "CannotKeepUp",
    "Cell",
    "Centre",
    "Change",
    "Check",
    "CheckKind",
    "Conclusions",
    "CustomPolicy",
    "Day",
    "Durations",
    "Edge",
    "Finding",
    "Floor",
    "FloorError",
    "Gives",
    "Group",
    "Interval",
    "Kind",
    "Law",
    "LeastLoad",
    "Level",
    "Measure",
    "Method",
    "NeedType",
    "Needs",
    "Node",
    "OneAtATime",
    "Outcome",
    "OwnTheWhole",
    "Plan",
    "Policy",
    "PolicyNamedWrongNeed",
    "PolicyNeverServes",
    "Pooled",
    "Queue",
    "Records",
    "Runs",
    "ScanSection",
    "Scenario",
    "Scope",
    "Section",
    "Server",
    "Serves",
    "Session",
    "SkillRouting",
    "SkilledStaff",
    "Slack",
    "Staffing",
    "Standard",
    "StoodStill",
    "Summary",
    "UnusualSection",
    "Verdict",
    "Waits",
    "Wanted",
    "Why",
    "Work",
    "add_up",
    "agents_for",
    "centre_of",
    "check_engine",
    "check_floor",
    "check_policy",
    "coaching_slots",
    "compare",
    "conclude",
    "depot_load",
    "draw_needs",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "floor_from_toml",
    "floor_to_toml",
    "least_load",
    "m_g_1_wait",
    "paired",
    "plan_round",
    "polling_sum",
    "polling_wait",
    "pooled_wins",
    "pooling_range",
    "priority_waits",
    "repairman_best",
    "repairman_bound",
    "return_to_station_wait",
    "scenario_from",
    "service_levels",
    "simulate",
    "staff_centre",
    "staff_intervals",
    "staff_skills",
    "summarise",
    "trip_batch_wait",
    "unusual_sections",
    "usual_scenarios",
    "wait_quantile_s",
]


def __getattr__(name: str) -> object:
    """Load what is asked for."""
    if name not in _MODULES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name what is offered, loaded or not."""
    return sorted(_MODULES)
