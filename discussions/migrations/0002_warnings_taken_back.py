from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discussions", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="act",
            name="kind",
            field=models.CharField(
                choices=[
                    ("hide", "Hid a comment"),
                    ("spam", "Hid a comment as spam"),
                    ("restore", "Restored a comment"),
                    ("release", "Let a waiting comment through"),
                    ("lock", "Closed a thread"),
                    ("unlock", "Opened a thread again"),
                    ("warn", "Warned a member"),
                    ("unwarn", "Took a warning back"),
                    ("suspend", "Suspended a member"),
                    ("lift", "Ended a suspension"),
                    ("void-votes", "Voided a member’s votes"),
                    ("restore-votes", "Restored a member’s votes"),
                    ("dismiss", "Dismissed a report"),
                    ("deny-appeal", "Denied an appeal"),
                ],
                max_length=16,
            ),
        ),
    ]
