"""The chair keeps until when somebody led; the vision takes other lines, and taps of companies."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import upturn.record.keys

HANGS_ON = {
    "visionline": ("charter_id", "charter"),
    "visiontapped": ("voice_id", "visionvoice"),
}
"""As in `0002_fences`: each table's column, and the table that this leads to."""


def fence(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table, (column, parent) in HANGS_ON.items():
        rule = f"{column} IN (SELECT id FROM exchange_{parent})"  # noqa: S608 - names from above
        editor.execute(f"CREATE POLICY own_exchange ON exchange_{table} USING ({rule})")
        editor.execute(f"ALTER TABLE exchange_{table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE exchange_{table} FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_called_off")]

    operations = [
        migrations.AddField(
            model_name="chair", name="to", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="visionvoice",
            name="companies",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="VisionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=140)),
                (
                    "charter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="exchange.charter",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="exchange.exchangeparty",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("charter", "party"), name="one_line_a_party")
                ]
            },
        ),
        migrations.CreateModel(
            name="VisionTapped",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        default=upturn.record.keys.draw_key, primary_key=True, serialize=False
                    ),
                ),
                (
                    "voice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tapped",
                        to="exchange.visionvoice",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="exchange.exchangeparty",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("voice", "party"), name="one_fact_a_layer_and_party"
                    )
                ]
            },
        ),
        # Undoing it drops the tables, and their policies with them.
        migrations.RunPython(fence, migrations.RunPython.noop),
    ]
