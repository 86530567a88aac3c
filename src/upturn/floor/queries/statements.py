"""SQL by hand, where it decides how long something takes. It runs on SQLite and on PostgreSQL."""

# The object mapper takes thirteen times the processor time for sixty needs of a storm.
CHANGE_NEED = """
UPDATE floor_shiftneed
SET asked = %s, asked_s = %s, count = %s, words = %s, state = %s, turn = %s, taken_key = %s,
    noticed_s = %s, done_s = %s
WHERE id = %s
"""
