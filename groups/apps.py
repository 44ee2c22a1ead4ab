from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"

    def ready(self) -> None:
        from accounts import settings_tabs, sign_in_acts
        from common import seeds
        from discussions import audiences, subjects
        from discussions.notifications import gates
        from discussions.thread import paper_rail
        from groups import sign_in
        from groups.archive import read_by
        from groups.audience import GroupAudience
        from groups.meeting.progress.spoilers import MeetingSubjects
        from groups.notices import gate
        from groups.seeding import planting

        audiences.register(GroupAudience())
        subjects.register(MeetingSubjects())
        gates.add_gate(gate.KIND, gate.closed_to)
        settings_tabs.register("Calendars", "groups:calendar_settings")
        paper_rail.register("groups", read_by.read_by, "groups/_read_by.html")
        seeds.register(planting.plant)
        sign_in_acts.register(sign_in.join_pending, sign_in.describe_pending_join)
