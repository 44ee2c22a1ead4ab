from django.urls import path

from discussions import about
from discussions.blocks import views as blocks_views
from discussions.comments import views as comments_views
from discussions.latest import views as latest_views
from discussions.moderation import report_views
from discussions.moderation import views as moderation_views
from discussions.notifications import views as notifications_views
from discussions.thread import views as thread_views
from discussions.voters import views as voters_views

app_name = "discussions"

# The converters for papers are registered in papers.urls.
thread_urls = [
    path("papers/<paper_page:ref>", thread_views.paper_page, name="paper_page"),
    path("papers/<paper:ref>/comments", thread_views.comment_create, name="comment_create"),
    path("papers/<paper:ref>/voters", voters_views.paper_voters, name="paper_voters"),
    path("papers/<paper:ref>/names", thread_views.paper_names, name="paper_names"),
    path(
        "papers/<paper:ref>/attention",
        thread_views.paper_attention,
        name="paper_attention",
    ),
    path("threads/<int:pk>", thread_views.thread_page, name="thread_page"),
    path(
        "threads/<int:pk>/comments",
        thread_views.thread_comment_create,
        name="thread_comment_create",
    ),
    path("threads/<int:pk>/attention", thread_views.thread_attention, name="thread_attention"),
    path("threads/<int:pk>/seen", thread_views.thread_seen, name="thread_seen"),
    path("threads/<int:pk>/news", thread_views.thread_news, name="thread_news"),
    path("threads/<int:pk>/names", thread_views.thread_names, name="thread_names"),
    path("threads/<int:pk>.atom", latest_views.thread_feed, name="thread_feed"),
]

comment_urls = [
    path("comments", latest_views.latest_comments, name="latest_comments"),
    path("comments.atom", latest_views.latest_feed, name="latest_feed"),
    path("comments/preview", thread_views.comment_preview, name="comment_preview"),
    path("comments/<int:pk>", comments_views.comment_page, name="comment_page"),
    path("comments/<int:pk>/menu", comments_views.comment_menu, name="comment_menu"),
    path("comments/<int:pk>/reply", comments_views.comment_reply, name="comment_reply"),
    path("comments/<int:pk>/edit", comments_views.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/delete", comments_views.comment_delete, name="comment_delete"),
    path("comments/<int:pk>/history", comments_views.comment_history, name="comment_history"),
    path("comments/<int:pk>/vote", comments_views.comment_vote, name="comment_vote"),
    path("comments/<int:pk>/reactions", comments_views.comment_reactions, name="comment_reactions"),
    path("comments/<int:pk>/report", report_views.comment_report, name="comment_report"),
]

member_urls = [
    path("@<slug:username>/comments", latest_views.member_comments, name="member_comments"),
    path("@<slug:username>/report", report_views.member_report, name="member_report"),
    path("@<slug:username>/mute", blocks_views.member_mute, name="member_mute"),
    path("@<slug:username>/block", blocks_views.member_block, name="member_block"),
    path("inbox", notifications_views.inbox, name="inbox"),
    path("inbox/read", notifications_views.inbox_read, name="inbox_read"),
    path(
        "settings/notifications",
        notifications_views.notification_settings,
        name="notification_settings",
    ),
]

moderation_urls = [
    path("moderation", moderation_views.moderation_queue, name="moderation_queue"),
    path("moderation/log", moderation_views.moderation_log, name="moderation_log"),
    path("moderation/acts/<int:pk>", moderation_views.act_page, name="act_page"),
    path("moderation/acts/<int:pk>/appeal", moderation_views.act_appeal, name="act_appeal"),
    path(
        "moderation/comments/<int:pk>", moderation_views.comment_moderate, name="comment_moderate"
    ),
    path(
        "moderation/members/<slug:username>",
        moderation_views.member_moderate,
        name="member_moderate",
    ),
    path("moderation/threads/<int:pk>", moderation_views.thread_moderate, name="thread_moderate"),
    path("moderation/reports/<int:pk>", moderation_views.report_dismiss, name="report_dismiss"),
    path("moderation/appeals/<int:pk>", moderation_views.appeal_decide, name="appeal_decide"),
]

urlpatterns = [
    *thread_urls,
    *comment_urls,
    *member_urls,
    *moderation_urls,
    path("about/discussions", about.about_discussions, name="about_discussions"),
]
