from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0003_find_stale_texts")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="groups_notice_is_given_once"),
        migrations.AlterField(
            model_name="notice",
            name="event",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="notice", name="subject_id", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="notice", name="number", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="notice",
            name="moment",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
