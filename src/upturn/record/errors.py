"""What this room refuses, and what it says when a write did not happen.

RecordError
├── OutsideTransaction   a journal entry without the change it tells of
└── NotStored            nothing was stored; the same request may be sent again
    └── WriterBusy       too many writes are waiting
"""


class RecordError(Exception):
    """Everything this room raises."""


class OutsideTransaction(RecordError):
    """A record was to be written apart from the change that it belongs to."""


class NotStored(RecordError):
    """Nothing was stored, so that the caller may answer 503 and the sender may try again."""


class WriterBusy(NotStored):
    """The queue of waiting writes is full."""
