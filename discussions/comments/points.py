"""The points by which "best" sorts comments.

A comment's points are the sum, over the people who marked it, of the larger of

- 1 × weight for their vote, and
- 0.5 × weight for a positive reaction of theirs, however many they gave.

The weight is that of papers.voting: 0 in an account's first day, 0.3 in its first week, then 1.
Authors cannot mark their own comments. "Funny" and "I am not convinced" do not count, so that
neither jokes nor quarrels lead. Of two comments with equal points the older comes first. Points
do not decay: a thread is read whole, unlike a day's list.
"""

from __future__ import annotations

from discussions.comments.models import Reaction

POINTS_OF_VOTE = 1.0
POINTS_OF_REACTION = 0.5
POSITIVE_KINDS = (
    Reaction.Kind.AGREE,
    Reaction.Kind.INSIGHTFUL,
    Reaction.Kind.THANKS,
    Reaction.Kind.CELEBRATE,
)


def marks_sql(*, only: str = "") -> str:
    """Return the SQL of a table `marks` with the totals for each marked comment.

    `only` is a condition on `comment_id`.
    """
    positive = ", ".join(f"'{kind.value}'" for kind in POSITIVE_KINDS)
    return f"""
        standing_votes AS (
            SELECT comment_id, member_id, weight FROM discussions_commentvote
            WHERE voided_at IS NULL {only}
        ),
        standing_reactions AS (
            SELECT comment_id, member_id, kind, weight FROM discussions_reaction
            WHERE voided_at IS NULL {only}
        ),
        people AS (
            SELECT comment_id, max(points) AS points
            FROM (
                SELECT comment_id, member_id, weight * {POINTS_OF_VOTE} AS points
                FROM standing_votes
                UNION ALL
                SELECT comment_id, member_id, weight * {POINTS_OF_REACTION}
                FROM standing_reactions WHERE kind IN ({positive})
            ) AS given
            GROUP BY comment_id, member_id
        ),
        marks AS (
            SELECT comment_id,
                   sum(votes)::int AS vote_count,
                   sum(points) AS points,
                   coalesce(
                       jsonb_object_agg(kind, reactions) FILTER (WHERE kind IS NOT NULL), '{{}}'
                   ) AS reaction_counts
            FROM (
                SELECT comment_id, count(*) AS votes, 0::float8 AS points,
                       NULL::text AS kind, 0 AS reactions
                FROM standing_votes GROUP BY comment_id
                UNION ALL
                SELECT comment_id, 0, sum(points), NULL, 0 FROM people GROUP BY comment_id
                UNION ALL
                SELECT comment_id, 0, 0, kind, count(*)
                FROM standing_reactions GROUP BY comment_id, kind
            ) AS parts
            GROUP BY comment_id
        )
    """  # noqa: S608 - numbers and constants only
