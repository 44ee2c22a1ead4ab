from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"

    def ready(self) -> None:
        from accounts import settings_tabs
        from discussions import audiences, subjects
        from discussions.telling import gates
        from groups.audience import GroupAudience
        from groups.room.spoilers import MeetingSubjects
        from groups.telling import gate

        audiences.register(GroupAudience())
        subjects.register(MeetingSubjects())
        gates.add_gate(gate.KIND, gate.closed_to)
        settings_tabs.register("Calendars", "groups:calendar_settings")
