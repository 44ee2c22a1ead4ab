from django.db import migrations, models


class Migration(migrations.Migration):
    """Hide the names of existing members: they voted when the site kept votes private."""

    dependencies = [("accounts", "0002_suspensions")]

    operations = [
        migrations.AddField("user", "shows_votes", models.BooleanField(default=False)),
        migrations.AlterField(
            "user", "shows_votes", models.BooleanField(default=True, db_default=True)
        ),
    ]
