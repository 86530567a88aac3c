"""Every change of the graph, and the register of what was brought in."""

from upturn.graph.commands.drawing import (
    add_party,
    add_serves,
    add_touchpoint,
    check_may_edit,
    describe_touchpoint,
    let_go,
    let_go_edge,
    touch,
)
from upturn.graph.commands.imports import (
    claim_import,
    decide_import,
    finish_import,
    mark_taken_back,
    register_import,
)
from upturn.graph.commands.organisation import (
    Counts,
    PartyRecord,
    ServesRecord,
    Stored,
    TouchpointRecord,
    store_organisation,
)
from upturn.graph.commands.sessions import let_go_if_loose, serve_in_session

__all__ = [
    "Counts",
    "PartyRecord",
    "ServesRecord",
    "Stored",
    "TouchpointRecord",
    "add_party",
    "add_serves",
    "add_touchpoint",
    "check_may_edit",
    "claim_import",
    "decide_import",
    "describe_touchpoint",
    "finish_import",
    "let_go",
    "let_go_edge",
    "let_go_if_loose",
    "mark_taken_back",
    "register_import",
    "serve_in_session",
    "store_organisation",
    "touch",
]
