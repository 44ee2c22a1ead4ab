import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("papers", "0006_foreign_signals"),
    ]

    operations = [
        migrations.CreateModel(
            name='Thumbnail',
            fields=[
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='thumbnail', serialize=False, to='papers.paper')),
                ('url', models.URLField(max_length=500)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('image', models.BinaryField(default=b'')),
                ('digest', models.CharField(blank=True, max_length=32)),
                ('fetched_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('thumbnail_url', ''), _negated=True), fields=['-announced_on', '-id'], name='papers_with_thumbnail'),
        ),
        migrations.AddIndex(
            model_name='thumbnail',
            index=models.Index(condition=models.Q(('digest', ''), _negated=True), fields=['digest'], name='papers_thumbnails'),
        ),
        migrations.AddConstraint(
            model_name='thumbnail',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.F('image'), function='octet_length', output_field=models.IntegerField()), 20000), name='papers_thumbnail_is_small'),
        ),
    ]
