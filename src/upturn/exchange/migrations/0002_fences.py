"""On PostgreSQL the database itself shows rows of one exchange at a time.

It is a second line: what a page may show is decided in `queries`. Every table hangs on its exchange
by the column named here; a connection that has not said which exchange it is for sees no row.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HANGS_ON = {
    "attendance": ("meeting_id", "meeting"),
    "benchmark": ("exchange_id", "exchange"),
    "blindlist": ("party_id", "exchangeparty"),
    "blindlist_open_to": ("blindlist_id", "blindlist"),
    "brake": ("topic_id", "topic"),
    "breach": ("exchange_id", "exchange"),
    "buyin": ("party_id", "exchangeparty"),
    "chair": ("exchange_id", "exchange"),
    "charter": ("exchange_id", "exchange"),
    "chartersignature": ("charter_id", "charter"),
    "clearance": ("page_id", "outsiderpage"),
    "consent": ("party_id", "exchangeparty"),
    "convener": ("exchange_id", "exchange"),
    "decision": ("topic_id", "topic"),
    "dissent": ("decision_id", "decision"),
    "door": ("party_id", "exchangeparty"),
    "exchangeparty": ("exchange_id", "exchange"),
    "expectation": ("programme_id", "programme"),
    "guardrecord": ("exchange_id", "exchange"),
    "held": ("exchange_id", "exchange"),
    "knock": ("exchange_id", "exchange"),
    "media": ("exchange_id", "exchange"),
    "meeting": ("exchange_id", "exchange"),
    "nonce": ("party_id", "exchangeparty"),
    "objection": ("topic_id", "topic"),
    "outcome": ("exchange_id", "exchange"),
    "outsiderpage": ("exchange_id", "exchange"),
    "pair": ("exchange_id", "exchange"),
    "part": ("round_id", "round"),
    "planpart": ("decision_id", "decision"),
    "post": ("round_id", "round"),
    "practicecard": ("exchange_id", "exchange"),
    "programme": ("exchange_id", "exchange"),
    "programmeversion": ("programme_id", "programme"),
    "programmeword": ("version_id", "programmeversion"),
    "readiness": ("exchange_id", "exchange"),
    "round": ("topic_id", "topic"),
    "sealedbox": ("ballot_id", "sealedmessage"),
    "sealedmessage": ("benchmark_id", "benchmark"),
    "seat": ("party_id", "exchangeparty"),
    "sidenote": ("exchange_id", "exchange"),
    "signoff": ("exchange_id", "exchange"),
    "stand": ("decision_id", "decision"),
    "strength": ("party_id", "exchangeparty"),
    "thanks": ("card_id", "practicecard"),
    "topic": ("exchange_id", "exchange"),
    "trial": ("card_id", "practicecard"),
    "turn": ("round_id", "round"),
    "visionvoice": ("charter_id", "charter"),
}
"""Each table but `exchange` itself: its column, and the table that this leads to."""
OWN = "current_setting('upturn.exchange', true) IN (ref, '*')"


def policies() -> dict[str, str]:
    """What must hold of a row for it to be there, by table."""
    return {"exchange": OWN} | {
        table: f"{column} IN (SELECT id FROM exchange_{parent})"  # noqa: S608 - names from above
        for table, (column, parent) in HANGS_ON.items()
    }


def fence(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table, rule in policies().items():
        editor.execute(f"CREATE POLICY own_exchange ON exchange_{table} USING ({rule})")
        editor.execute(f"ALTER TABLE exchange_{table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE exchange_{table} FORCE ROW LEVEL SECURITY")


def lift(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table in policies():
        editor.execute(f"ALTER TABLE exchange_{table} NO FORCE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE exchange_{table} DISABLE ROW LEVEL SECURITY")
        editor.execute(f"DROP POLICY own_exchange ON exchange_{table}")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]

    operations = [migrations.RunPython(fence, lift)]
