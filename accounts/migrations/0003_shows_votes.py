from django.db import migrations, models


class Migration(migrations.Migration):
    """Members of before voted while the site kept votes private: they choose to show them."""

    dependencies = [("accounts", "0002_suspensions")]

    operations = [
        migrations.AddField("user", "shows_votes", models.BooleanField(default=False)),
        migrations.AlterField(
            "user", "shows_votes", models.BooleanField(default=True, db_default=True)
        ),
    ]
