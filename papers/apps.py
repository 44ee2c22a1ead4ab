from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"

    def ready(self) -> None:
        from accounts import profile_sections, sign_in_acts
        from papers import profiles, sign_in

        sign_in_acts.register(sign_in.perform_pending, sign_in.describe_pending)
        profile_sections.register(
            "claimed papers", profiles.claimed_papers, "papers/_claimed_papers.html"
        )
        profile_sections.register(
            "submitted papers", profiles.submitted_papers, "papers/_submitted_papers.html"
        )
