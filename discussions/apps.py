from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    name = "discussions"

    def ready(self) -> None:
        from accounts.contributions import (
            Contribution,
            ListSection,
            ProfileAction,
            ProfileSection,
            SettingsTab,
            SignInAct,
            register,
        )
        from common import seeds
        from discussions import profiles, sign_in
        from discussions.latest.active import active_discussions
        from discussions.moderation.appeals import KeptSuspensions
        from discussions.seeding import planting

        register(
            Contribution(
                settings_tabs=[SettingsTab("Notifications", "discussions:notification_settings")],
                profile_sections=[
                    ProfileSection(profiles.own_block, "discussions/_profile_apart.html"),
                    ProfileSection(profiles.latest_comments, "discussions/_profile_comments.html"),
                ],
                profile_actions=[
                    ProfileAction("Mute", "bell-off", "discussions:member_mute"),
                    ProfileAction("Block", "user-x", "discussions:member_block"),
                    ProfileAction("Report", "flag", "discussions:member_report"),
                ],
                sign_in_acts=[
                    SignInAct(sign_in.cast_pending_vote, sign_in.describe_pending_vote),
                    SignInAct(sign_in.perform_nothing, sign_in.describe_writing),
                ],
                list_sections=[
                    ListSection(active_discussions, "discussions/_active_discussions.html")
                ],
                suspension_record=KeptSuspensions(),
            )
        )
        seeds.register(planting.plant)
