from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce

_COPY_DAYS = """
    UPDATE papers_papertally AS tally SET announced_on = paper.announced_on
    FROM papers_paper AS paper
    WHERE paper.id = tally.paper_id AND paper.announced_on IS NOT NULL
"""
# The answers were read without their votes: they are not "not modified" for us.
_FORGET_VALIDATORS = """
    UPDATE papers_importrun SET etag = '', last_modified = ''
    WHERE source = 'huggingface' AND (etag <> '' OR last_modified <> '')
"""
# They were given up within hours, and keep a text that has lost its formulas.
_ASK_ARXIV_AGAIN = """
    UPDATE papers_paper
    SET completed_at = NULL, completion_attempts = 0, completion_due_at = now()
    WHERE source = 'arxiv' AND version IS NULL AND completed_at IS NOT NULL
"""


class Migration(migrations.Migration):
    """External votes and comments, and the order of a day that takes them into account."""

    dependencies = [
        ("papers", "0005_add_save"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="named_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="paper",
            name="listed_by",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="papertally",
            name="external_vote_count",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="papertally",
            name="external_votes_read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="papertally",
            name="external_comment_count",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="papertally",
            name="external_comments_read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="papertally",
            name="announced_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="papertally",
            name="day_weight",
            field=models.FloatField(db_default=1.0, default=1.0),
        ),
        migrations.RunSQL(_COPY_DAYS, migrations.RunSQL.noop),
        migrations.RunSQL(_FORGET_VALIDATORS, migrations.RunSQL.noop),
        migrations.RunSQL(_ASK_ARXIV_AGAIN, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="papertally",
            name="day_score",
            field=models.GeneratedField(
                db_persist=True,
                expression=F("vote_count")
                + F("day_weight") * Coalesce(F("external_vote_count"), 0),
                output_field=models.FloatField(),
            ),
        ),
        migrations.AddIndex(
            model_name="papertally",
            index=models.Index(
                F("announced_on"),
                F("day_score").desc(),
                F("comment_count").desc(),
                F("paper").desc(),
                name="papers_best_of_day",
            ),
        ),
    ]
