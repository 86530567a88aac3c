"""Whether promises of a joint plan were kept: added up in the decision, with nobody's name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_kit")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="promises_told",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="decision",
            name="promises_kept",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="planpart", name="told", field=models.BooleanField(default=False)
        ),
    ]
