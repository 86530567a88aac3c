"""SQL by hand, where it decides how long something takes. It runs on SQLite and on PostgreSQL."""

STORE_FEEDBACK = """
INSERT INTO voice_feedback
    (touchpoint_id, place, text, score, score_raw, scale, at, week, channel, language,
     fingerprint, origin_id, masked, unread)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, TRUE)
ON CONFLICT (fingerprint) DO NOTHING
"""

TAKE_BACK = (
    """DELETE FROM voice_quote
    WHERE feedback_id IN (SELECT id FROM voice_feedback WHERE origin_id = %s)""",
    """DELETE FROM voice_reading
    WHERE feedback_id IN (SELECT id FROM voice_feedback WHERE origin_id = %s)""",
    "DELETE FROM voice_feedback WHERE origin_id = %s",
)

# Of the newest readings those nearest to a confidence; no words are fetched before they are sorted.
MOST_DOUBTFUL = """
SELECT feedback_id FROM (
    SELECT feedback_id, confirmed, ABS(theme_confidence - %s) AS doubt
    FROM voice_reading ORDER BY feedback_id DESC LIMIT %s
) newest
WHERE NOT confirmed ORDER BY doubt, feedback_id DESC LIMIT %s
"""

# Of the newest confirmations, by how sure the reader had been: how many, and how many were right.
HIT_RATES = """
SELECT CASE WHEN theme_confidence < %s THEN 'cannot_tell'
        WHEN theme_confidence < %s THEN 'fairly' ELSE 'sure' END,
    COUNT(*), SUM(CASE WHEN theme_right THEN 1 ELSE 0 END)
FROM (SELECT theme_confidence, theme_right FROM voice_confirmation ORDER BY id DESC LIMIT %s) newest
GROUP BY 1
"""

# One row always: the last lesson, confirmations since then, and how far reading again has come.
LESSONS = """
SELECT (SELECT COUNT(*) FROM voice_confirmation WHERE id > COALESCE(lesson.upto, 0)),
    COALESCE(lesson.confirmations, 0), COALESCE(lesson.looked_at, 0), lesson.otherwise,
    (SELECT COALESCE(MIN(again_before), 0) FROM voice_tally)
FROM (SELECT 1) one_row
LEFT JOIN (SELECT * FROM voice_lesson ORDER BY id DESC LIMIT 1) lesson ON TRUE
"""

FORGET_THEME_WEEK = "DELETE FROM voice_themeweek WHERE {cell}"
SUM_THEME_WEEK = """
INSERT INTO voice_themeweek
    (touchpoint_id, theme_id, week, count, positive, negative, scored, total, squares, quoted)
SELECT reading.touchpoint_id, reading.theme_id, reading.week, COUNT(*),
    SUM(CASE WHEN reading.polarity > 0 THEN 1 ELSE 0 END),
    SUM(CASE WHEN reading.polarity < 0 THEN 1 ELSE 0 END),
    COUNT(said.score), COALESCE(SUM(said.score), 0), COALESCE(SUM(said.score * said.score), 0),
    FALSE
FROM voice_reading reading JOIN voice_feedback said ON said.id = reading.feedback_id
WHERE {cell}
GROUP BY reading.touchpoint_id, reading.theme_id, reading.week
"""

FORGET_TOUCHPOINT_WEEK = "DELETE FROM voice_touchpointweek WHERE {cell}"
SUM_TOUCHPOINT_WEEK = """
INSERT INTO voice_touchpointweek
    (touchpoint_id, week, count, positive, negative, scored, total, squares)
SELECT touchpoint_id, week, SUM(count), SUM(positive), SUM(negative), SUM(scored), SUM(total),
    SUM(squares)
FROM voice_themeweek
WHERE {cell}
GROUP BY touchpoint_id, week
"""


def cell(names: tuple[str, ...], values: tuple[object, ...], *, of: str = "") -> str:
    """A condition that finds equal values by index; NULL needs words of its own.

    >>> cell(("touchpoint_id", "week"), (None, "2026-11-16"))
    'touchpoint_id IS NULL AND week = %s'
    """
    table = f"{of}." if of else ""
    return " AND ".join(
        f"{table}{name} IS NULL" if value is None else f"{table}{name} = %s"
        for name, value in zip(names, values, strict=True)
    )
