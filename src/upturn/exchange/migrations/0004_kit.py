"""An exchange may begin from a kit that another one gave."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_likeness")]

    operations = [
        migrations.AddField(model_name="exchange", name="kit", field=models.JSONField(default=dict))
    ]
