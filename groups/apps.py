from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"

    def ready(self) -> None:
        from accounts import settings_tabs
        from discussions import audiences
        from discussions.telling import gates
        from groups.audience import GroupAudience
        from groups.telling import gate

        audiences.register(GroupAudience())
        gates.add_gate(gate.KIND, gate.closed_to)
        settings_tabs.register("Calendars", "groups:calendar_settings")
