from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0005_fill_key_of_notices'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='notice',
            name='event',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('reminder', 'Reminder of a meeting'), ('seat', 'Reminder of a part at a meeting'), ('nominations', 'Nominations are open'), ('ballot', 'A ballot is open'), ('closing', 'A ballot closes soon'), ('chosen', 'The paper is chosen'), ('picked', 'An organiser picked the paper'), ('read', 'What a meeting reads changed'), ('retired', 'A nomination retired'), ('changed', 'A meeting was moved'), ('added', 'A meeting was added'), ('schedule', 'The schedule changed'), ('cancelled', 'A meeting was cancelled'), ('recap', 'What a meeting left'), ('unready', 'A meeting lacks something'), ('without', 'There is no ballot'), ('empty', 'Nothing was nominated'), ('nothing', 'A ballot chose nothing'), ('term', 'The term ends'), ('request', 'Somebody asks to join'), ('decided', 'A request to join is decided'), ('role', 'A member has another role'), ('visibility', 'Who sees the group changed')], max_length=11),
        ),
        migrations.AlterField(
            model_name='notice',
            name='subject_id',
            field=models.BigIntegerField(),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('group', 'kind', 'subject_id', 'number', 'moment'), name='groups_notice_is_given_once', nulls_distinct=False),
        ),
    ]
