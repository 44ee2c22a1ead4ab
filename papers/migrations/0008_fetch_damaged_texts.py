"""Have arXiv asked again for papers whose stored title or abstract lost braces: `\\fracab`.

Braces around arguments were removed before a text was stored, which cannot be undone. The texts
that arXiv sends must win against the damaged ones, which stand for the same version. A row's day
outranks that of an answer to a question about ids, which has none, and therefore goes.
"""

from django.db import migrations
from django.db.models import Q
from django.db.models.functions import Now

# A command that takes an argument in braces, with a letter of the argument glued to it, and not
# one of the commands that begin alike.
DAMAGED = (
    r"\\(?!(?:mathbb(?:m|ms|mss|old)|mathcalligra|sqrtsign|operatornamewithlimits)(?![a-zA-Z]))"
    r"(?:(?:[dt]?frac|sqrt|math(?:bb|cal|frak|rm|bf|sf|it|scr)|boldsymbol|operatorname"
    r"|textbf|textit|emph|overline|widehat|widetilde|binom)[a-zA-Z]|SI[0-9])"
)
PAPERS_A_BATCH = 5_000


def fetch_again(apps, schema_editor):
    papers = apps.get_model("papers", "Paper").objects.filter(source="arxiv")
    last = 0
    while pks := list(
        papers.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAPERS_A_BATCH]
    ):
        batch = papers.filter(pk__gt=last, pk__lte=pks[-1])
        batch.filter(Q(title__regex=DAMAGED) | Q(abstract__regex=DAMAGED)).update(
            described_on=None,
            completed_at=None,
            completion_due_at=Now(),
            completion_attempts=0,
        )
        last = pks[-1]


class Migration(migrations.Migration):
    dependencies = [("papers", "0007_thumbnails")]

    operations = [migrations.RunPython(fetch_again, migrations.RunPython.noop, elidable=True)]
