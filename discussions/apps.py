from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    name = "discussions"

    def ready(self) -> None:
        from accounts import (
            profile_actions,
            profile_sections,
            settings_tabs,
            sign_in_acts,
            suspending,
        )
        from common import seeds
        from discussions import profiles, sign_in
        from discussions.moderation import appeals
        from discussions.seeding import planting

        profile_sections.register("block", profiles.own_block, "discussions/_profile_apart.html")
        profile_sections.register(
            "comments", profiles.latest_comments, "discussions/_profile_comments.html"
        )
        seeds.register(planting.plant)
        settings_tabs.register("Notifications", "discussions:notification_settings")
        profile_actions.register("Mute", icon="bell-off", url_name="discussions:member_mute")
        profile_actions.register("Block", icon="user-x", url_name="discussions:member_block")
        profile_actions.register("Report", icon="flag", url_name="discussions:member_report")
        suspending.register(appeals.SuspensionRecord())
        sign_in_acts.register(sign_in.cast_pending_vote, sign_in.describe_pending_vote)
        sign_in_acts.register(sign_in.perform_nothing, sign_in.describe_kept_text)
