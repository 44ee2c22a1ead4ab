from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

from papers.topics import arxiv_topics

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_topics(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Topic = apps.get_model("papers", "Topic")
    Topic.objects.using(schema_editor.connection.alias).bulk_create(
        [Topic(code=code, name=name, field=field) for code, name, field in arxiv_topics()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "field"],
    )


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]

    # Left alone on the way back: the table itself goes with 0001.
    operations = [migrations.RunPython(name_topics, migrations.RunPython.noop)]
