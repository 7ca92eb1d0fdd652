"""allauth's addresses, each one we use and no other; allauth finds them by these names."""

from allauth.account import views as account_views
from allauth.mfa.base import views as code_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount import views as single_sign_on_views
from django.urls import path, re_path

from backdesk.parties.web.account import email, entering, profile, security, sessions, tokens

entering_patterns = [
    path("sign-in/", entering.SignIn.as_view(), name="login"),
    path("sign-in/", entering.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", entering.EnterCode.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", passkey_views.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/inactive/", account_views.account_inactive, name="account_inactive"),
    path("sign-in/forgotten/", account_views.password_reset, name="account_reset_password"),
    path("sign-in/forgotten/sent/", account_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sign-in/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/forgotten/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sign-in/with/<slug:provider_id>/", entering.start_single_sign_on, name="openid_connect_login"),
    path(
        "sign-in/with/<slug:provider_id>/callback/",
        entering.single_sign_on_done,
        name="openid_connect_callback",
    ),
    path("sign-in/cancelled/", single_sign_on_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-out/", entering.SignOut.as_view(), name="logout"),
]

again_patterns = [
    path("sign-in/again/", account_views.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", code_views.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", entering.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
]

own_patterns = [
    path("account/", profile.profile, name="account"),
    path("account/email/", email.change, name="account-email"),
    path("account/email/<str:token>/", email.confirm, name="account-email-confirmation"),
    path("account/security/", security.security, name="mfa_index"),
    path("account/security/password/", account_views.password_change, name="account_change_password"),
    path("account/security/password/first/", account_views.password_set, name="account_set_password"),
    path("account/security/app/", app_views.activate_totp, name="mfa_activate_totp"),
    path("account/security/app/removal/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/security/passkeys/new/", security.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<int:pk>/name/", security.RenamePasskey.as_view(), name="mfa_edit_webauthn"
    ),
    path(
        "account/security/passkeys/<int:pk>/removal/",
        security.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("account/security/codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("account/sessions/", sessions.sessions, name="account-sessions"),
    path("account/sessions/endings/", sessions.end_others, name="account-sessions-end-others"),
    path("account/sessions/<int:session_id>/ending/", sessions.end, name="account-session-end"),
    path("account/tokens/", tokens.tokens, name="account-tokens"),
    path("account/tokens/new/", tokens.create, name="account-token-new"),
    path("account/tokens/<int:token_id>/revocation/", tokens.revoke, name="account-token-revocation"),
]

urlpatterns = [*entering_patterns, *again_patterns, *own_patterns]
