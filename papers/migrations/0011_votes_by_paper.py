import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("papers", "0010_versions")]

    operations = [
        # The new index first, so that a paper's votes are never without one.
        migrations.AddIndex(
            model_name="upvote",
            index=models.Index(
                F("paper"), F("cast_at").desc(), F("id").desc(), name="papers_voters"
            ),
        ),
        migrations.AlterField(
            model_name="upvote",
            name="paper",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="upvotes",
                to="papers.paper",
            ),
        ),
    ]
