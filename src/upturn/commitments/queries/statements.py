"""SQL by hand, for what every home page asks. It runs on SQLite and on PostgreSQL.

The mapper needs longer to write these than the database to answer them. Ids in them come from the
graph in memory, never from an address or a form.
"""

from collections.abc import Iterable

# Each ask with the promise in force, which is the last one given, and what was said of it.
ASKS = """
SELECT ask.id, ask.ref, ask.edge_id, ask.words, ask.because, ask.raised_as, ask.raised_by_id,
    ask.ticket_hash, ask.raised_on, ask.state, ask.turn, point.name, asker.is_active,
    promise.id, promise.what, promise.who, promise.sign, promise.made_on, promise.due_on,
    promise.done_on, promise.day_100_on, thanks.words,
    due.outcome, due.given_on, last.outcome, last.given_on
FROM commitments_ask ask
LEFT JOIN graph_touchpoint point ON point.id = ask.touchpoint_id
LEFT JOIN people_person asker ON asker.id = ask.raised_by_id
LEFT JOIN commitments_promise promise ON promise.ask_id = ask.id AND promise.turn = (
    SELECT MAX(turn) FROM commitments_promise WHERE ask_id = ask.id)
LEFT JOIN commitments_thanks thanks ON thanks.promise_id = promise.id
LEFT JOIN commitments_verdict due ON due.promise_id = promise.id AND due.moment = 'due'
LEFT JOIN commitments_verdict last ON last.promise_id = promise.id AND last.moment = 'day_100'
WHERE ask.id IN ({asks})
"""

# What `Standing.waits_for_you` tells of one ask; there is no ticket among what a viewer asks.
_WAITS = """
    (ask.raised_as = 'team' AND ask.edge_id IN ({asking})
        OR ask.raised_as = 'person' AND (ask.raised_by_id = %(viewer)s
            OR ask.edge_id IN ({asking}) AND NOT EXISTS (SELECT 1 FROM people_person asker
                WHERE asker.id = ask.raised_by_id AND asker.is_active)))
    AND (ask.state IN ('asked_back', 'declined', 'done')
        OR ask.state IN ('promised', 'judged') AND ask.acts_on <= %(today)s)
    OR ask.edge_id IN ({ours}) AND ask.state IN ('asked', 'promised')
"""

TO_US = f"""
SELECT ask.id FROM commitments_ask ask
WHERE ask.edge_id IN ({{ours}})
    AND ask.state IN ('asked', 'asked_back', 'declined', 'promised', 'done', 'judged')
ORDER BY CASE WHEN {_WAITS} THEN 0 ELSE 1 END, CASE WHEN ask.state = 'asked' THEN 0 ELSE 1 END,
    ask.raised_on, ask.id
LIMIT %(most)s
"""  # noqa: S608 - constants

BY_US = f"""
SELECT ask.id FROM commitments_ask ask
WHERE (ask.raised_by_id = %(viewer)s OR ask.raised_as = 'team' AND ask.edge_id IN ({{asking}}))
    AND ask.state <> 'withdrawn'
ORDER BY CASE WHEN {_WAITS} THEN 0 ELSE 1 END,
    CASE WHEN ask.state IN ('judged', 'settled') THEN 1 ELSE 0 END, ask.raised_on DESC, ask.id DESC
LIMIT %(most)s
"""  # noqa: S608 - constants

VERDICTS = """
SELECT verdict.moment, verdict.outcome, promise.what, ask.ref, ask.words, point.name, ask.edge_id
FROM commitments_verdict verdict
JOIN commitments_promise promise ON promise.id = verdict.promise_id
JOIN commitments_ask ask ON ask.id = promise.ask_id
LEFT JOIN graph_touchpoint point ON point.id = ask.touchpoint_id
WHERE {which}
ORDER BY verdict.given_on DESC, verdict.id DESC
LIMIT %(most)s
"""

THANKS = """
SELECT thanks.words, ask.edge_id
FROM commitments_thanks thanks
JOIN commitments_promise promise ON promise.id = thanks.promise_id
JOIN commitments_ask ask ON ask.id = promise.ask_id
WHERE ask.edge_id IN ({ours})
ORDER BY thanks.given_on DESC, thanks.id DESC
LIMIT %(most)s
"""


def listed(ids: Iterable[int]) -> str:
    """Write ids for ``IN ()``; nothing is in a list of none.

    >>> listed([7, 12]), listed([])
    ('7, 12', 'NULL')
    """
    return ", ".join(map(str, ids)) or "NULL"
