from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"

    def ready(self) -> None:
        from accounts.contributions import (
            Contribution,
            ListSection,
            SettingsTab,
            SignInAct,
            register,
        )
        from common import seeds
        from discussions import owners
        from groups.directory.soon import groups_meeting_soon, meetings_soon
        from groups.membership import sign_in
        from groups.seeding import planting
        from groups.thread_owner import MeetingThreads

        register(
            Contribution(
                settings_tabs=[SettingsTab("Calendars", "groups:calendar_settings")],
                sign_in_acts=[SignInAct(sign_in.join_pending, sign_in.describe_pending)],
                list_sections=[
                    ListSection(meetings_soon, "groups/_meetings_soon.html", groups_meeting_soon)
                ],
            )
        )
        owners.register(MeetingThreads())
        seeds.register(planting.plant)
