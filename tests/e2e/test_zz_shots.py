import pytest
from tests.builders import *
from tests.e2e.conftest import *
from django.core import mail
from allauth.account.models import EmailAddress
@pytest.mark.browser
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_shots(open_context, transactional_db):
    u=make_user("ada-lovelace", full_name="Ada Lovelace", biography="I read on trains.\nMostly about proofs.", links=["https://ada.example/papers"], orcid="0000-0002-1825-0097")
    EmailAddress.objects.create(user=u,email="second@example.org",verified=False)
    for scheme in ("light","dark"):
        for w,h in ((1280,900),(390,844)):
            c=open_context(viewport={"width":w,"height":h}, color_scheme=scheme); p=c.new_page()
            def shot(n): p.screenshot(path=f"/tmp/octavo/shots/{n}-{scheme}-{w}.png", full_page=True)
            if scheme=="light" or w==390:
                p.goto("/sign-in?next=/papers"); shot("signin")
                p.goto("/sign-up"); p.get_by_label("Username").fill("adm1n"); p.get_by_label("E-mail").fill("a@b.org"); p.get_by_label("Password").fill("short"); p.locator("main").get_by_role("button",name="Sign up").click(); shot("signup")
            if w==1280 and scheme=="light":
                p.goto("/sign-in/code"); p.get_by_label("E-mail").fill("ada-lovelace@example.org"); p.locator("main").get_by_role("button",name="Send the code").click(); shot("code"); c.clear_cookies()
            sign_in(p,u)
            p.goto("/settings/profile"); shot("profile-settings")
            p.goto("/settings/security"); shot("security")
            if scheme=="light":
                p.goto("/settings/email"); shot("email")
                p.goto("/settings/appearance"); shot("appearance")
                p.goto("/settings/time-zone"); shot("tz")
                p.goto("/settings/security/sessions"); shot("sessions")
                p.goto("/settings/security/app"); print(p.url, p.content()[:3000] if 'Confirm' not in p.content() else '')
                shot("reauth"); p.get_by_label("Password", exact=True).fill(PASSWORD); p.get_by_role("button", name="Confirm", exact=True).click(); shot("totp")
            p.goto("/@ada-lovelace"); shot("profile")
            p.goto("/mail/"); shot("mail")
