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
from upturn.graph.engine.tabular import Limits, Table, open_table, sample_rows
from upturn.graph.engine.tabular_counts import RowCounts, count_rows
from upturn.graph.engine.tabular_errors import (
    ArchiveRefused,
    Damaged,
    HeaderRefused,
    NotATable,
    QuoteLeftOpen,
    TabularError,
    TooLarge,
)
from upturn.graph.engine.tabular_export import csv_lines, escape_formula
from upturn.graph.engine.tabular_measures import MeasureRow, read_measures
from upturn.graph.engine.tabular_names import Known
from upturn.graph.engine.tabular_organisation import (
    PartyRow,
    ServesRow,
    TouchpointRow,
    read_parties,
    read_serves,
    read_touchpoints,
)
from upturn.graph.engine.tabular_problems import (
    ProblemList,
    ProblemTally,
    Remedy,
    Repairs,
    RowProblem,
    describe,
    list_problems,
    repairs_from,
)
from upturn.graph.engine.thinnest import thinnest_path

__all__ = [
    "CUSTOMERS",
    "PHONE",
    "WIDE",
    "ArchiveRefused",
    "Damaged",
    "Drawing",
    "DrawnBand",
    "DrawnEdge",
    "DrawnParty",
    "DuplicateEdge",
    "DuplicateParty",
    "Graph",
    "GraphError",
    "HeaderRefused",
    "Known",
    "Layers",
    "Level",
    "Limits",
    "MeasureRow",
    "NotATable",
    "PartyRow",
    "PathsUp",
    "ProblemList",
    "ProblemTally",
    "QuoteLeftOpen",
    "Remedy",
    "Repairs",
    "RowCounts",
    "RowProblem",
    "ServesItself",
    "ServesRow",
    "Sheet",
    "StillUsed",
    "StrengthNotFinite",
    "Table",
    "TabularError",
    "TooLarge",
    "TouchpointRow",
    "UnknownParty",
    "count_rows",
    "csv_lines",
    "describe",
    "distance_to_customer",
    "escape_formula",
    "graph_of",
    "lay_out",
    "layers",
    "list_problems",
    "mutual_service",
    "nearest",
    "open_table",
    "orphans",
    "paths_down",
    "paths_up",
    "read_measures",
    "read_parties",
    "read_serves",
    "read_touchpoints",
    "repairs_from",
    "sample_rows",
    "thinnest_path",
    "tyranny",
]
