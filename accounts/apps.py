from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Imported for the signals that they answer.
        from accounts import profiles, sessions  # noqa: F401
