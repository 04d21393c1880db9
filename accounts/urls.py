from django.urls import path

from accounts.views import agencies, county_rules, login, me, start, users

app_name = "accounts"

urlpatterns = [
    path("login/", login.login, name="login"),
    path("login/code/", login.login_code, name="login_code"),
    path("login/backup/", login.login_backup, name="login_backup"),
    path("login/first/", start.first_login, name="first_login"),
    path("login/password/", start.password_new, name="password_new"),
    path("login/authenticator/", start.enrol, name="enrol"),
    path("login/authenticator/picture/", start.enrol_picture, name="enrol_picture"),
    path("logout/", login.logout, name="logout"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/step-up/", me.step_up, name="step_up"),
    path("me/backup-codes/", me.backup_codes, name="backup_codes"),
    path("me/sessions/<uuid:session>/end/", me.session_end, name="session_end"),
    path("me/tokens/<uuid:token>/revoke/", me.token_revoke, name="token_revoke"),
    path("accounts/", users.users, name="users"),
    path("accounts/new/", users.user_new, name="user_new"),
    path("accounts/<uuid:account>/", users.user, name="user"),
    path("accounts/<uuid:account>/reset/", users.user_reset, name="user_reset"),
    path("accounts/<uuid:account>/switch/", users.user_switch, name="user_switch"),
    path("accounts/<uuid:account>/assignments/new/", users.assignment_new, name="assignment_new"),
    path("accounts/<uuid:account>/assignments/<uuid:assignment>/end/", users.assignment_end, name="assignment_end"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.agency_new, name="agency_new"),
    path("policy/", county_rules.policy, name="policy"),
    path("calendar/", county_rules.calendar, name="calendar"),
    path("calendar/forget/", county_rules.calendar_forget, name="calendar_forget"),
]
