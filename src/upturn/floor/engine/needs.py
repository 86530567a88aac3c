"""The needs of one replication, drawn before anybody serves: every policy sees the same."""

from typing import NamedTuple

from upturn.floor.engine.laid import Floats, Ints


class Needs(NamedTuple):
    """One row a need, in the order (created, node, kind); all of shape (needs,).

    `created_s`; `node` and `kind` as indices; `service_s` the drawn duration before anything
    slows it; `patience_s` inf when it waits for ever; `asks_s` when the guest asks, equal to
    `created_s` when at once.
    """

    created_s: Floats
    node: Ints
    kind: Ints
    service_s: Floats
    patience_s: Floats
    asks_s: Floats
