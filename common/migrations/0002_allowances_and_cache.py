from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("tokens", models.FloatField()),
                ("burst", models.FloatField()),
                ("rate", models.FloatField()),
                ("is_granted", models.BooleanField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        # After a crash nobody is owed a refusal, so these need no write-ahead log.
        migrations.RunSQL(
            "ALTER TABLE common_allowance SET UNLOGGED",
            "ALTER TABLE common_allowance SET LOGGED",
        ),
        # What `createcachetable` would make; here, so that `migrate` is enough.
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE common_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX common_cache_expires ON common_cache (expires);
            """,
            "DROP TABLE common_cache",
        ),
    ]
