from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Imported to connect their signal receivers.
        from accounts.contributions import Contribution, SettingsTab, register
        from accounts.profile import profiles  # noqa: F401
        from accounts.sign_in import sessions  # noqa: F401

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
