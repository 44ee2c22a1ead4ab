from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_slips_outlive_accounts")]

    operations = [
        migrations.AddIndex(
            model_name=model,
            index=models.Index(fields=["rendered_with"], name=name),
        )
        for model, name in [
            ("group", "groups_by_rendering"),
            ("minutes", "groups_minutes_by_rendering"),
            ("question", "groups_questions_by_rendering"),
        ]
    ]
