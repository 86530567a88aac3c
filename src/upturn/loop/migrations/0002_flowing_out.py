"""Stories become practice cards, and the cards of a closed workshop begin a plan."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workshop",
            name="plan_ref",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="nomination", name="further", field=models.BooleanField(default=False)
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=16, unique=True)),
                ("put_up_on", models.DateField()),
                ("taken_down_on", models.DateField(null=True)),
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="practice",
                        to="loop.card",
                    ),
                ),
            ],
        ),
    ]
