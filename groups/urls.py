"""URLs of reading groups: everything below /groups/, and members' own pages."""

from __future__ import annotations

from django.urls import path

from groups.archive import views as archive_views
from groups.attendance import views as attendance_views
from groups.ballots import views as ballots_views
from groups.calendar import views as calendar_views
from groups.cycle import views as cycle_views
from groups.directory import views as directory_views
from groups.founding import views as founding_views
from groups.invitations import views as invitations_views
from groups.meeting import views as meeting_views
from groups.meeting.agenda import views as agenda_views
from groups.meeting.files import views as files_views
from groups.meeting.minutes import views as minutes_views
from groups.meeting.progress import views as progress_views
from groups.meeting.questions import views as questions_views
from groups.membership import views as membership_views
from groups.rota import views as rota_views
from groups.schedule import views as schedule_views
from groups.series import views as series_views
from groups.settings import views as settings_views
from groups.this_week import views as this_week_views
from groups.transfer import views as transfer_views

app_name = "groups"

urlpatterns = [
    path("groups", directory_views.group_list, name="group_list"),
    path("groups/new", founding_views.group_create, name="group_create"),
    path("groups/import", transfer_views.group_import, name="group_import"),
    path("invitations/<str:token>", invitations_views.invitation_open, name="invitation_open"),
    path("invitation", invitations_views.invitation_accept, name="invitation_accept"),
    path("groups/<slug:slug>", this_week_views.group_page, name="group_page"),
    path("groups/<slug:slug>/about", membership_views.group_about, name="group_about"),
    path("groups/<slug:slug>/members", membership_views.member_list, name="member_list"),
    path(
        "groups/<slug:slug>/members/<slug:username>",
        membership_views.member_edit,
        name="member_edit",
    ),
    path("groups/<slug:slug>/bans/<int:pk>/lift", membership_views.ban_lift, name="ban_lift"),
    path("groups/<slug:slug>/join", membership_views.group_join, name="group_join"),
    path("groups/<slug:slug>/leave", membership_views.group_leave, name="group_leave"),
    path(
        "groups/<slug:slug>/mine", membership_views.membership_settings, name="membership_settings"
    ),
    path("groups/<slug:slug>/requests", membership_views.request_list, name="request_list"),
    path(
        "groups/<slug:slug>/requests/<int:pk>",
        membership_views.request_decide,
        name="request_decide",
    ),
    path(
        "groups/<slug:slug>/invitations", invitations_views.invitation_list, name="invitation_list"
    ),
    path(
        "groups/<slug:slug>/invitations/<int:pk>/revoke",
        invitations_views.invitation_revoke,
        name="invitation_revoke",
    ),
    path("groups/<slug:slug>/settings", settings_views.group_settings, name="group_settings"),
    path("groups/<slug:slug>/settings/cycle", settings_views.cycle_settings, name="cycle_settings"),
    path("groups/<slug:slug>/settings/seats", rota_views.seat_settings, name="seat_settings"),
    path("groups/<slug:slug>/hand-over", settings_views.group_hand_over, name="group_hand_over"),
    path("groups/<slug:slug>/close", settings_views.group_close, name="group_close"),
    path("groups/<slug:slug>/clone", founding_views.group_clone, name="group_clone"),
    path("groups/<slug:slug>/log", membership_views.group_log, name="group_log"),
    path("groups/<slug:slug>/schedule", schedule_views.schedule_edit, name="schedule_edit"),
    path("groups/<slug:slug>/meetings/new", schedule_views.meeting_add, name="meeting_add"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/edit",
        schedule_views.meeting_edit,
        name="meeting_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/move",
        schedule_views.meeting_move,
        name="meeting_move",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/off", schedule_views.meeting_off, name="meeting_off"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/advance",
        cycle_views.meeting_advance,
        name="meeting_advance",
    ),
    path("groups/<slug:slug>/series", series_views.series_list, name="series_list"),
    path("groups/<slug:slug>/series/new", series_views.series_create, name="series_create"),
    path("groups/<slug:slug>/series/<int:pk>", series_views.series_page, name="series_page"),
    path("groups/<slug:slug>/series/<int:pk>/edit", series_views.series_edit, name="series_edit"),
    path("groups/<slug:slug>/nominations", ballots_views.nomination_list, name="nomination_list"),
    path(
        "groups/<slug:slug>/nominations/new",
        ballots_views.nomination_create,
        name="nomination_create",
    ),
    path(
        "groups/<slug:slug>/nominations/<int:pk>/second",
        ballots_views.nomination_second,
        name="nomination_second",
    ),
    path(
        "groups/<slug:slug>/nominations/<int:pk>/withdraw",
        ballots_views.nomination_withdraw,
        name="nomination_withdraw",
    ),
    path(
        "papers/<paper:ref>/nominate",
        ballots_views.paper_nominate,
        name="paper_nominate",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/ballot",
        ballots_views.ballot_page,
        name="ballot_page",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/ballot/pick",
        ballots_views.ballot_pick,
        name="ballot_pick",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/ballot.json",
        ballots_views.ballot_file,
        name="ballot_file",
    ),
    path("groups/<slug:slug>/rota", rota_views.rota_page, name="rota_page"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/seats/<int:pk>", rota_views.seat_set, name="seat_set"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/seats/<int:pk>/swap",
        rota_views.seat_swap,
        name="seat_swap",
    ),
    path("groups/<slug:slug>/swaps/<int:pk>", rota_views.swap_answer, name="swap_answer"),
    path("groups/<slug:slug>/meetings/<day:day>/rsvp", attendance_views.rsvp_set, name="rsvp_set"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/attendance",
        attendance_views.attendance_edit,
        name="attendance_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/check-in", attendance_views.check_in, name="check_in"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/survey",
        attendance_views.survey_page,
        name="survey_page",
    ),
    path("groups/<slug:slug>/meetings/<day:day>", meeting_views.meeting_page, name="meeting_page"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/agenda", agenda_views.agenda_edit, name="agenda_edit"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/agenda/<int:pk>",
        agenda_views.agenda_advance,
        name="agenda_advance",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/questions",
        questions_views.question_create,
        name="question_create",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/questions/<int:pk>",
        questions_views.question_edit,
        name="question_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/questions/<int:pk>/vote",
        questions_views.question_vote,
        name="question_vote",
    ),
    path("groups/<slug:slug>/meetings/<day:day>/live", meeting_views.live_page, name="live_page"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/live/news", meeting_views.live_news, name="live_news"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/minutes",
        minutes_views.minutes_page,
        name="minutes_page",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/minutes/edit",
        minutes_views.minutes_edit,
        name="minutes_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/minutes/history",
        minutes_views.minutes_history,
        name="minutes_history",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/files/new",
        files_views.file_create,
        name="file_create",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/files/<int:pk>",
        files_views.file_download,
        name="file_download",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/files/<int:pk>/delete",
        files_views.file_delete,
        name="file_delete",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/sections",
        progress_views.section_edit,
        name="section_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/progress",
        progress_views.progress_set,
        name="progress_set",
    ),
    path("groups/<slug:slug>/archive", archive_views.archive, name="archive"),
    path("groups/<slug:slug>/statistics", archive_views.statistics, name="statistics"),
    path("groups/<slug:slug>/export", transfer_views.export_page, name="export_page"),
    path("groups/<slug:slug>/export.json", transfer_views.export_json, name="export_json"),
    path("groups/<slug:slug>/export.md", transfer_views.export_markdown, name="export_markdown"),
    path("groups/<slug:slug>/bibliography.bib", transfer_views.bibliography, name="bibliography"),
    path(
        "groups/<slug:slug>/bibliography.ris",
        transfer_views.bibliography_ris,
        name="bibliography_ris",
    ),
    path("groups/<slug:slug>/calendar.ics", calendar_views.group_feed, name="group_feed"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/calendar.ics",
        calendar_views.meeting_ics,
        name="meeting_ics",
    ),
    path("calendars/<str:token>.ics", calendar_views.member_feed, name="member_feed"),
    path("settings/calendars", calendar_views.calendar_settings, name="calendar_settings"),
    path(
        "settings/calendars/<int:pk>/revoke", calendar_views.calendar_revoke, name="calendar_revoke"
    ),
]
