"""The sealed benchmark: companies compare figures, and nobody sees anybody's.

Each figure falls into one of a few public bins. A company's ballot is shared among all companies;
more than t of them together add up what they hold and publish sums, from which only the totals
follow. ``docs/reference/ballot.md`` is the specification; it can be followed without this code.
"""

from upturn.exchange.engine.ballot.accepting import (
    Received,
    accept,
    check_confirmations,
    check_list,
    confirm,
    for_holder,
    open_box,
    take,
)
from upturn.exchange.engine.ballot.bounds import (
    Thresholds,
    ballots_needed,
    bins_for,
    colluders,
    thresholds,
)
from upturn.exchange.engine.ballot.bundle import (
    AuditBundle,
    name_in,
    read_bundle,
    write_bundle,
)
from upturn.exchange.engine.ballot.encoding import pack, unpack
from upturn.exchange.engine.ballot.group import Draw
from upturn.exchange.engine.ballot.keys import (
    Key,
    PublicKeys,
    key_from_words,
    new_key,
    read_key_file,
    recovery_words,
    safety_words,
    signed_by,
    write_key_file,
)
from upturn.exchange.engine.ballot.memory import Memory, read_memory
from upturn.exchange.engine.ballot.messages import (
    AcceptedList,
    Ballot,
    Confirmation,
    Sums,
    Totals,
    read_ballot,
    read_confirmation,
    read_list,
    read_sums,
    read_totals,
)
from upturn.exchange.engine.ballot.opening import open_sums
from upturn.exchange.engine.ballot.packet import Packet, read_packet
from upturn.exchange.engine.ballot.results import (
    Against,
    Band,
    Place,
    band,
    counts_of,
    half_bins,
    own_position,
    stands_for,
)
from upturn.exchange.engine.ballot.roster import (
    Member,
    Roster,
    SignedRoster,
    all_signed,
    check_change,
    read_roster,
    read_signed_roster,
    sign_roster,
)
from upturn.exchange.engine.ballot.sealing import check_ballot, seal
from upturn.exchange.engine.ballot.sheet import Benchmark, Metric, Sheet, read_sheet
from upturn.exchange.engine.ballot.tally import Tally, add_up, check_sums
from upturn.exchange.engine.ballot.verifying import Step, verify, with_verdict
from upturn.exchange.engine.ballot.words import word_list
from upturn.exchange.engine.metrics import FEWEST

__all__ = [
    "FEWEST",
    "AcceptedList",
    "Against",
    "AuditBundle",
    "Ballot",
    "Band",
    "Benchmark",
    "Confirmation",
    "Draw",
    "Key",
    "Member",
    "Memory",
    "Metric",
    "Packet",
    "Place",
    "PublicKeys",
    "Received",
    "Roster",
    "Sheet",
    "SignedRoster",
    "Step",
    "Sums",
    "Tally",
    "Thresholds",
    "Totals",
    "accept",
    "add_up",
    "all_signed",
    "ballots_needed",
    "band",
    "bins_for",
    "check_ballot",
    "check_change",
    "check_confirmations",
    "check_list",
    "check_sums",
    "colluders",
    "confirm",
    "counts_of",
    "for_holder",
    "half_bins",
    "key_from_words",
    "name_in",
    "new_key",
    "open_box",
    "open_sums",
    "own_position",
    "pack",
    "read_ballot",
    "read_bundle",
    "read_confirmation",
    "read_key_file",
    "read_list",
    "read_memory",
    "read_packet",
    "read_roster",
    "read_sheet",
    "read_signed_roster",
    "read_sums",
    "read_totals",
    "recovery_words",
    "safety_words",
    "seal",
    "sign_roster",
    "signed_by",
    "stands_for",
    "take",
    "thresholds",
    "unpack",
    "verify",
    "with_verdict",
    "word_list",
    "write_bundle",
    "write_key_file",
]
