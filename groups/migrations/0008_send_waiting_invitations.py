"""Let invitations that wait to be mailed be due, and give up those that were tried five times."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("groups", "0007_invitations_are_outgoing_mail")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE groups_invitation
            SET due_at = CASE WHEN attempts < 5 THEN now() END,
                given_up_at = CASE WHEN attempts < 5 THEN NULL ELSE now() END,
                sealed_token = CASE WHEN attempts < 5 THEN sealed_token ELSE '' END
            WHERE sealed_token <> ''
            """,
            migrations.RunSQL.noop,
        ),
    ]
