from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("groups", "0006_key_notices_by_columns")]

    operations = [
        migrations.RenameField("invitation", "mailed_at", "sent_at"),
        migrations.RemoveIndex("invitation", "groups_invitations_to_send"),
        *[
            migrations.AddField("invitation", name, models.DateTimeField(blank=True, null=True))
            for name in ["due_at", "tried_at", "given_up_at"]
        ],
        migrations.AddIndex(
            "invitation",
            models.Index(
                fields=["due_at"],
                name="groups_invitations_to_send",
                condition=Q(due_at__isnull=False),
            ),
        ),
    ]
