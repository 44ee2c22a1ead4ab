from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"

    def ready(self) -> None:
        from accounts import sign_in_acts
        from papers import sign_in

        sign_in_acts.register(sign_in.cast_pending_vote, sign_in.describe_pending_vote)
