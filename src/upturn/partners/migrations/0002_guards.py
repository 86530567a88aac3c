"""What the database itself promises: what a closed wave published is never changed."""

from django.db import migrations

from upturn.record.append_only import append_only, guarding

GUARDS = append_only(
    "partners",
    (
        "publishedwave",
        "publishedrelation",
        "publishedgroup",
        "publishedcount",
        "publishedwide",
        "publishedwords",
    ),
    says="a wave stays as it was counted",
)


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [guarding(GUARDS)]
