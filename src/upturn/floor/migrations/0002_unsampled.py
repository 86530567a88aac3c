"""What lives no longer than a shift leaves no samples behind."""

from django.db import migrations

from upturn.record.unsampled import unsampled

LIVE = {
    "shift": ("tables", "owners", "leaving", "walk_bys", "most_held"),
    "shiftneed": (),
    "shiftseat": (),
    "shifttap": (),
    "seated": (),
}


class Migration(migrations.Migration):
    dependencies = [("floor", "0001_initial")]

    operations = [unsampled("floor", LIVE)]
