"""Reading groups: every address below /groups/, and what is a member's own."""

from __future__ import annotations

from django.urls import path

from groups.views import (
    agenda,
    archive,
    attending,
    ballots,
    calendars,
    cycle,
    directory,
    exports,
    files,
    founding,
    founding_import,
    invitations,
    joining,
    live,
    meetings,
    minutes,
    nominations,
    pages,
    people,
    progress,
    questions,
    rota,
    schedule,
    series,
    settings,
    this_week,
)

app_name = "groups"

urlpatterns = [
    path("groups", directory.group_list, name="group_list"),
    path("groups/new", founding.group_create, name="group_create"),
    path("groups/import", founding_import.group_import, name="group_import"),
    path("invitations/<str:token>", invitations.invitation_open, name="invitation_open"),
    path("invitation", invitations.invitation_accept, name="invitation_accept"),
    path("groups/<slug:slug>", this_week.group_page, name="group_page"),
    path("groups/<slug:slug>/about", pages.group_about, name="group_about"),
    path("groups/<slug:slug>/members", people.member_list, name="member_list"),
    path("groups/<slug:slug>/members/<slug:username>", people.member_edit, name="member_edit"),
    path("groups/<slug:slug>/bans/<int:pk>/lift", people.ban_lift, name="ban_lift"),
    path("groups/<slug:slug>/join", joining.group_join, name="group_join"),
    path("groups/<slug:slug>/leave", joining.group_leave, name="group_leave"),
    path("groups/<slug:slug>/mine", joining.membership_settings, name="membership_settings"),
    path("groups/<slug:slug>/requests", joining.request_list, name="request_list"),
    path("groups/<slug:slug>/requests/<int:pk>", joining.request_decide, name="request_decide"),
    path("groups/<slug:slug>/invitations", invitations.invitation_list, name="invitation_list"),
    path(
        "groups/<slug:slug>/invitations/<int:pk>/revoke",
        invitations.invitation_revoke,
        name="invitation_revoke",
    ),
    path("groups/<slug:slug>/settings", settings.group_settings, name="group_settings"),
    path("groups/<slug:slug>/settings/cycle", settings.cycle_settings, name="cycle_settings"),
    path("groups/<slug:slug>/settings/seats", rota.seat_settings, name="seat_settings"),
    path("groups/<slug:slug>/hand-over", settings.group_hand_over, name="group_hand_over"),
    path("groups/<slug:slug>/close", settings.group_close, name="group_close"),
    path("groups/<slug:slug>/clone", founding.group_clone, name="group_clone"),
    path("groups/<slug:slug>/log", pages.group_log, name="group_log"),
    path("groups/<slug:slug>/schedule", schedule.schedule_edit, name="schedule_edit"),
    path("groups/<slug:slug>/meetings/new", schedule.meeting_add, name="meeting_add"),
    path("groups/<slug:slug>/meetings/<day:day>/edit", schedule.meeting_edit, name="meeting_edit"),
    path("groups/<slug:slug>/meetings/<day:day>/move", schedule.meeting_move, name="meeting_move"),
    path("groups/<slug:slug>/meetings/<day:day>/off", schedule.meeting_off, name="meeting_off"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/advance",
        cycle.meeting_advance,
        name="meeting_advance",
    ),
    path("groups/<slug:slug>/series", series.series_list, name="series_list"),
    path("groups/<slug:slug>/series/new", series.series_create, name="series_create"),
    path("groups/<slug:slug>/series/<int:pk>", series.series_page, name="series_page"),
    path("groups/<slug:slug>/series/<int:pk>/edit", series.series_edit, name="series_edit"),
    path("groups/<slug:slug>/nominations", nominations.nomination_list, name="nomination_list"),
    path(
        "groups/<slug:slug>/nominations/new",
        nominations.nomination_create,
        name="nomination_create",
    ),
    path(
        "groups/<slug:slug>/nominations/<int:pk>/second",
        nominations.nomination_second,
        name="nomination_second",
    ),
    path(
        "groups/<slug:slug>/nominations/<int:pk>/withdraw",
        nominations.nomination_withdraw,
        name="nomination_withdraw",
    ),
    path(
        "papers/<paper_id:external_id>/nominate", nominations.paper_nominate, name="paper_nominate"
    ),
    path("groups/<slug:slug>/meetings/<day:day>/ballot", ballots.ballot_page, name="ballot_page"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/ballot/pick", ballots.ballot_pick, name="ballot_pick"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/ballot.json", ballots.ballot_file, name="ballot_file"
    ),
    path("groups/<slug:slug>/rota", rota.rota_page, name="rota_page"),
    path("groups/<slug:slug>/meetings/<day:day>/seats/<int:pk>", rota.seat_set, name="seat_set"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/seats/<int:pk>/swap",
        rota.seat_swap,
        name="seat_swap",
    ),
    path("groups/<slug:slug>/swaps/<int:pk>", rota.swap_answer, name="swap_answer"),
    path("groups/<slug:slug>/meetings/<day:day>/rsvp", attending.rsvp_set, name="rsvp_set"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/attendance",
        attending.attendance_edit,
        name="attendance_edit",
    ),
    path("groups/<slug:slug>/meetings/<day:day>/check-in", attending.check_in, name="check_in"),
    path("groups/<slug:slug>/meetings/<day:day>/survey", attending.survey_page, name="survey_page"),
    path("groups/<slug:slug>/meetings/<day:day>", meetings.meeting_page, name="meeting_page"),
    path("groups/<slug:slug>/meetings/<day:day>/agenda", agenda.agenda_edit, name="agenda_edit"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/agenda/<int:pk>",
        agenda.agenda_advance,
        name="agenda_advance",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/questions",
        questions.question_create,
        name="question_create",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/questions/<int:pk>",
        questions.question_edit,
        name="question_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/questions/<int:pk>/vote",
        questions.question_vote,
        name="question_vote",
    ),
    path("groups/<slug:slug>/meetings/<day:day>/live", live.live_page, name="live_page"),
    path("groups/<slug:slug>/meetings/<day:day>/live/news", live.live_news, name="live_news"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/minutes", minutes.minutes_page, name="minutes_page"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/minutes/edit",
        minutes.minutes_edit,
        name="minutes_edit",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/minutes/history",
        minutes.minutes_history,
        name="minutes_history",
    ),
    path("groups/<slug:slug>/meetings/<day:day>/files/new", files.file_create, name="file_create"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/files/<int:pk>",
        files.file_download,
        name="file_download",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/files/<int:pk>/delete",
        files.file_delete,
        name="file_delete",
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/sections", progress.section_edit, name="section_edit"
    ),
    path(
        "groups/<slug:slug>/meetings/<day:day>/progress", progress.progress_set, name="progress_set"
    ),
    path("groups/<slug:slug>/archive", archive.archive, name="archive"),
    path("groups/<slug:slug>/statistics", archive.statistics, name="statistics"),
    path("groups/<slug:slug>/export", exports.export_page, name="export_page"),
    path("groups/<slug:slug>/export.json", exports.export_json, name="export_json"),
    path("groups/<slug:slug>/export.md", exports.export_markdown, name="export_markdown"),
    path("groups/<slug:slug>/bibliography.bib", exports.bibliography, name="bibliography"),
    path("groups/<slug:slug>/bibliography.ris", exports.bibliography_ris, name="bibliography_ris"),
    path("groups/<slug:slug>/calendar.ics", calendars.group_feed, name="group_feed"),
    path(
        "groups/<slug:slug>/meetings/<day:day>/calendar.ics",
        calendars.meeting_ics,
        name="meeting_ics",
    ),
    path("calendars/<str:token>.ics", calendars.member_feed, name="member_feed"),
    path("settings/calendars", calendars.calendar_settings, name="calendar_settings"),
    path("settings/calendars/<int:pk>/revoke", calendars.calendar_revoke, name="calendar_revoke"),
]
