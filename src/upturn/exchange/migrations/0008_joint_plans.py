"""Joint plans: what customers get by each part, a focus week, a product with counsel's word."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_shared_chair")]

    operations = [
        migrations.AddField(
            model_name="planpart",
            name="customer",
            field=models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="decision",
            name="focus",
            field=models.CharField(
                blank=True,
                choices=[("together", "all in the same week"), ("steps", "in steps drawn by lot")],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="decision", name="focus_from", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="decision", name="focus_seed", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="decision", name="product", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=Q(focus="")
                | Q(collective=True, focus_from__isnull=False, focus_seed__isnull=False),
                name="a_focus_week_is_of_a_joint_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=Q(product=False) | Q(collective=True),
                name="a_product_together_is_a_joint_plan",
            ),
        ),
        migrations.AddField(
            model_name="signoff",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="counsels_words",
                to="exchange.decision",
            ),
        ),
    ]
