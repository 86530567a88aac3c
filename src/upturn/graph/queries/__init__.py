"""What there is to read of the graph; every function that decides on sight takes the viewer."""

from upturn.graph.queries.answering import answered_by, answering
from upturn.graph.queries.finding import (
    Found,
    edges_by_keys,
    find,
    party_called,
    touchpoints_by_key,
)
from upturn.graph.queries.imports import NoSuchImport, import_by_ref, imports
from upturn.graph.queries.moments import (
    Level,
    points_seen,
    servers_below,
    serving_at,
    touchpoints_of,
    unserved,
)
from upturn.graph.queries.picture import Scope, edges_among, scope
from upturn.graph.queries.sight import (
    edge,
    may_edit,
    party,
    sees_all,
    touchpoint,
    touchpoint_by_code,
    touchpoints,
    visible_edges,
    visible_parties,
)
from upturn.graph.queries.snapshot import (
    EdgeRow,
    PartyRow,
    PointRow,
    Snapshot,
    full_name,
    look_again,
    once_a_look,
    once_a_version,
    one_look,
    snapshot,
)

__all__ = [
    "EdgeRow",
    "Found",
    "Level",
    "NoSuchImport",
    "PartyRow",
    "PointRow",
    "Scope",
    "Snapshot",
    "answered_by",
    "answering",
    "edge",
    "edges_among",
    "edges_by_keys",
    "find",
    "full_name",
    "import_by_ref",
    "imports",
    "look_again",
    "may_edit",
    "once_a_look",
    "once_a_version",
    "one_look",
    "party",
    "party_called",
    "points_seen",
    "scope",
    "sees_all",
    "servers_below",
    "serving_at",
    "snapshot",
    "touchpoint",
    "touchpoint_by_code",
    "touchpoints",
    "touchpoints_by_key",
    "touchpoints_of",
    "unserved",
    "visible_edges",
    "visible_parties",
]
