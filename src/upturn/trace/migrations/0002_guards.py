"""What the database itself promises: alarms, traces and what came of them are never changed."""

from django.db import migrations

from upturn.record.append_only import append_only, guarding

GUARDS = append_only(
    "trace",
    ("inputs", "screening", "storedtrace", "storedalarm", "tracedask", "closed"),
    says="traces are kept as they were made",
)


class Migration(migrations.Migration):
    dependencies = [("trace", "0001_initial")]

    operations = [guarding(GUARDS)]
