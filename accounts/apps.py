from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Imported for the signals that they answer.
        from accounts import profiles, sessions  # noqa: F401
        from accounts.contributions import Contribution, SettingsTab, register

        register(
            Contribution(
                settings_tabs=[
                    SettingsTab("Profile", "accounts:profile_settings"),
                    SettingsTab("E-mail", "account_email"),
                    SettingsTab("Security", "accounts:security"),
                    SettingsTab("Appearance", "accounts:appearance_settings"),
                    SettingsTab("Time zone", "accounts:time_zone_settings"),
                ]
            )
        )
