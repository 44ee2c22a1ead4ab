from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0002_allowances_and_cache")]

    operations = [
        migrations.CreateModel(
            name="FailedWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("work", models.CharField(max_length=40)),
                ("key", models.BigIntegerField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=80)),
                ("failed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "failed work",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("work", "key"), name="common_failure_is_counted_once"
                    )
                ],
            },
        ),
    ]
