from django.db import migrations, models

import papers.sources


class Migration(migrations.Migration):
    """Room for papers of other services than arXiv: longer ids, a venue, open choices."""

    dependencies = [
        ("papers", "0003_find_papers_by_id"),
    ]

    operations = [
        migrations.AlterField(
            model_name="paper",
            name="source",
            field=models.CharField(
                choices=papers.sources.source_choices, default="arxiv", max_length=16
            ),
        ),
        migrations.AlterField(
            model_name="paper",
            name="external_id",
            field=models.CharField(max_length=255),
        ),
        migrations.AddField(
            model_name="paper",
            name="venue",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="paper",
            name="work_type",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="source",
            field=models.CharField(choices=papers.sources.feed_choices, max_length=16),
        ),
    ]
