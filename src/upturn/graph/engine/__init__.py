from upturn.graph.engine.bands import (
    Layers,
    distance_to_customer,
    layers,
    orphans,
    tyranny,
)
from upturn.graph.engine.drawing import (
    Drawing,
    DrawnBand,
    DrawnEdge,
    DrawnParty,
    lay_out,
)
from upturn.graph.engine.errors import (
    DuplicateEdge,
    DuplicateParty,
    GraphError,
    ServesItself,
    StillUsed,
    StrengthNotFinite,
    UnknownParty,
)
from upturn.graph.engine.graph import CUSTOMERS, Graph, graph_of
from upturn.graph.engine.mutual import mutual_service
from upturn.graph.engine.names import nearest
from upturn.graph.engine.paths import Level, PathsUp, paths_down, paths_up
from upturn.graph.engine.sheets import PHONE, WIDE, Sheet
from upturn.graph.engine.thinnest import thinnest_path

__all__ = [
    "CUSTOMERS",
    "PHONE",
    "WIDE",
    "Drawing",
    "DrawnBand",
    "DrawnEdge",
    "DrawnParty",
    "DuplicateEdge",
    "DuplicateParty",
    "Graph",
    "GraphError",
    "Layers",
    "Level",
    "PathsUp",
    "ServesItself",
    "Sheet",
    "StillUsed",
    "StrengthNotFinite",
    "UnknownParty",
    "distance_to_customer",
    "graph_of",
    "lay_out",
    "layers",
    "mutual_service",
    "nearest",
    "orphans",
    "paths_down",
    "paths_up",
    "thinnest_path",
    "tyranny",
]
