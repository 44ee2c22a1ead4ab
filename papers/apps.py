from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"

    def ready(self) -> None:
        from accounts.contributions import Contribution, ProfileSection, SignInAct, register
        from papers import profiles, sign_in

        register(
            Contribution(
                sign_in_acts=[SignInAct(sign_in.perform_pending, sign_in.describe_pending)],
                profile_sections=[
                    ProfileSection(profiles.claimed_papers, "papers/_claimed_papers.html"),
                    ProfileSection(profiles.submitted_papers, "papers/_submitted_papers.html"),
                ],
            )
        )
