"""A planned meeting may be called off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_kept")]

    operations = [
        migrations.AlterField(
            model_name="meeting",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "planned"),
                    ("running", "running"),
                    ("over", "over"),
                    ("off", "called off"),
                ],
                default="planned",
                max_length=8,
            ),
        ),
    ]
