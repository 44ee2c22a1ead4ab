"""Forget DOIs that were cut at their "<", and have arXiv asked again for those papers.

All papers of one issue share such a piece, so that a DOI led to the wrong paper.
"""

from django.db import migrations
from django.db.models.functions import Now

# What is left of a SICI: "10.1002/(sici)1099-1727(199821)14:1", with ISSN, date, volume and issue.
CUT = (
    r"^10\.[0-9]{4,9}/(\(sici\))?[0-9]{4}-[0-9]{3}[0-9x]\([0-9]{4}[0-9/]*\)"
    r"[0-9a-z/]+(:[0-9a-z/]+)?$"
)


def forget(apps, schema_editor):
    papers = apps.get_model("papers", "Paper").objects.filter(source="arxiv", doi__regex=CUT)
    papers.update(
        doi="",
        completed_at=None,
        completion_due_at=Now(),
        completion_attempts=0,
    )


class Migration(migrations.Migration):
    dependencies = [("papers", "0008_fetch_damaged_texts")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
