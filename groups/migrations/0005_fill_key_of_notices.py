"""Read the key of each notice out of the event that named it: "reminder:12:60:20261201T1700Z".

The first two parts are kind and subject. A third is the number, and the last may be a moment, or
the day on which a term ends. What a member was told is named by the notice from now on.
"""

from django.db import migrations

FILL = """
    WITH parts AS (
        SELECT notice.id, string_to_array(notice.event, ':') AS part,
               to_timestamp(substring(notice.event FROM '[0-9]{8}T[0-9]{4}(?=Z$)'),
                            'YYYYMMDD"T"HH24MI')::timestamp AT TIME ZONE 'UTC' AS moment,
               substring(notice.event FROM '^term:[0-9]+:([0-9-]{10})$')::date AS ends_on
        FROM groups_notice AS notice
        WHERE notice.event ~ '^[a-z]+:[0-9]+(:|$)'
    )
    UPDATE groups_notice AS notice
    SET kind = parts.part[1],
        subject_id = parts.part[2]::bigint,
        number = CASE WHEN parts.part[3] ~ '^[0-9]+$' THEN parts.part[3]::bigint ELSE 0 END,
        moment = COALESCE(parts.ends_on::timestamp AT TIME ZONE 'UTC', parts.moment)
    FROM parts
    WHERE parts.id = notice.id
"""

# The events had minutes. A meeting may have been given seconds.
SECONDS = """
    UPDATE groups_notice AS notice
    SET moment = CASE notice.kind
        WHEN 'closing' THEN meeting.ballot_closes_at ELSE meeting.starts_at
    END
    FROM groups_meeting AS meeting
    WHERE meeting.id = notice.meeting_id
      AND notice.moment = date_trunc('minute', CASE notice.kind
          WHEN 'closing' THEN meeting.ballot_closes_at ELSE meeting.starts_at
      END)
"""

NAME = """
    UPDATE discussions_notification AS told
    SET event = 'group:' || notice.group_id || ':notice:' || notice.id
    FROM groups_notice AS notice
    WHERE told.event = 'group:' || notice.group_id || ':' || notice.event
"""

UNFILL = """
    UPDATE groups_notice
    SET event = kind || ':' || subject_id
            || CASE WHEN number <> 0 THEN ':' || number ELSE '' END
            || CASE
                WHEN moment IS NULL THEN ''
                WHEN kind = 'term' THEN to_char(moment AT TIME ZONE 'UTC', ':YYYY-MM-DD')
                ELSE to_char(moment AT TIME ZONE 'UTC', ':YYYYMMDD"T"HH24MI"Z"')
            END,
        kind = CASE
            WHEN kind IN ('unready', 'without', 'empty', 'nothing', 'term', 'request', 'decided',
                          'role', 'visibility') THEN 'organisers'
            WHEN kind = 'seat' THEN 'reminder'
            WHEN kind IN ('picked', 'read', 'retired') THEN 'chosen'
            WHEN kind IN ('added', 'schedule') THEN 'changed'
            ELSE kind
        END
"""

UNNAME = """
    UPDATE discussions_notification AS told
    SET event = 'group:' || notice.group_id || ':' || notice.event
    FROM groups_notice AS notice
    WHERE told.event = 'group:' || notice.group_id || ':notice:' || notice.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0004_add_key_of_notices"),
        ("discussions", "0002_tell_of_groups"),
    ]

    # Undone from the last to the first.
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(SECONDS, UNNAME),
        migrations.RunSQL(NAME, UNFILL),
    ]
