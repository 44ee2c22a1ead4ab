from django.urls import path

from discussions.views import (
    about,
    acts,
    comments,
    finding,
    inbox,
    live,
    marks,
    menu,
    moderation,
    paper,
    people,
    previews,
    reports,
    threads,
)

app_name = "discussions"

# The converters for a paper's id are registered in papers.urls.
thread_urls = [
    path("papers/<paper_id:external_id>", paper.paper_page, name="paper_page"),
    path("papers/<paper_id:external_id>/comments", threads.comment_create, name="comment_create"),
    path("papers/<paper_id:external_id>/names", live.paper_names, name="paper_names"),
    path(
        "papers/<paper_id:external_id>/attention", threads.paper_attention, name="paper_attention"
    ),
    path("threads/<int:pk>", threads.thread_page, name="thread_page"),
    path("threads/<int:pk>/comments", threads.thread_comment_create, name="thread_comment_create"),
    path("threads/<int:pk>/attention", threads.thread_attention, name="thread_attention"),
    path("threads/<int:pk>/seen", threads.thread_seen, name="thread_seen"),
    path("threads/<int:pk>/news", live.thread_news, name="thread_news"),
    path("threads/<int:pk>/names", live.thread_names, name="thread_names"),
    path("threads/<int:pk>.atom", finding.thread_feed, name="thread_feed"),
]

comment_urls = [
    path("comments", finding.latest_comments, name="latest_comments"),
    path("comments.atom", finding.latest_feed, name="latest_feed"),
    path("comments/preview", previews.comment_preview, name="comment_preview"),
    path("comments/<int:pk>", comments.comment_page, name="comment_page"),
    path("comments/<int:pk>/menu", menu.comment_menu, name="comment_menu"),
    path("comments/<int:pk>/reply", comments.comment_reply, name="comment_reply"),
    path("comments/<int:pk>/edit", comments.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/take-back", comments.comment_take_back, name="comment_take_back"),
    path("comments/<int:pk>/history", comments.comment_history, name="comment_history"),
    path("comments/<int:pk>/vote", marks.comment_vote, name="comment_vote"),
    path("comments/<int:pk>/reactions", marks.comment_reactions, name="comment_reactions"),
    path("comments/<int:pk>/report", reports.comment_report, name="comment_report"),
]

member_urls = [
    path("@<slug:username>/comments", finding.member_comments, name="member_comments"),
    path("@<slug:username>/report", reports.member_report, name="member_report"),
    path("@<slug:username>/mute", people.member_mute, name="member_mute"),
    path("@<slug:username>/block", people.member_block, name="member_block"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/read", inbox.inbox_read, name="inbox_read"),
    path("settings/notifications", inbox.notification_settings, name="notification_settings"),
]

moderation_urls = [
    path("moderation", moderation.moderation_queue, name="moderation_queue"),
    path("moderation/log", acts.moderation_log, name="moderation_log"),
    path("moderation/acts/<int:pk>", acts.act_page, name="act_page"),
    path("moderation/acts/<int:pk>/appeal", acts.act_appeal, name="act_appeal"),
    path("moderation/comments/<int:pk>", moderation.comment_moderate, name="comment_moderate"),
    path("moderation/members/<slug:username>", moderation.member_moderate, name="member_moderate"),
    path("moderation/threads/<int:pk>", moderation.thread_moderate, name="thread_moderate"),
    path("moderation/reports/<int:pk>", moderation.report_dismiss, name="report_dismiss"),
    path("moderation/appeals/<int:pk>", moderation.appeal_decide, name="appeal_decide"),
]

urlpatterns = [
    *thread_urls,
    *comment_urls,
    *member_urls,
    *moderation_urls,
    path("about/discussions", about.about_discussions, name="about_discussions"),
]
