"""What companies say of themselves in bands, and for which teams a practice was made."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HANGS_ON = {"likeness": ("party_id", "exchangeparty")}
"""As in `0002_fences`: the table's column, and the table that this leads to."""
RULE = "party_id IN (SELECT id FROM exchange_exchangeparty)"


def fence(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(f"CREATE POLICY own_exchange ON exchange_likeness USING ({RULE})")
    editor.execute("ALTER TABLE exchange_likeness ENABLE ROW LEVEL SECURITY")
    editor.execute("ALTER TABLE exchange_likeness FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_fences")]

    operations = [
        migrations.AddField(
            model_name="practicecard",
            name="tenure",
            field=models.CharField(default="any", max_length=16),
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.CharField(blank=True, max_length=16)),
                ("tenure", models.CharField(blank=True, max_length=16)),
                ("channel", models.CharField(blank=True, max_length=16)),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likeness",
                        to="exchange.exchangeparty",
                    ),
                ),
            ],
        ),
        # Undoing it drops the table, and the policy with it.
        migrations.RunPython(fence, migrations.RunPython.noop),
    ]
