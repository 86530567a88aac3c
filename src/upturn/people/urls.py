"""Addresses of this room, and those parts of allauth that have a meaning here.

The house adds to ``room`` the pages that tell what somebody can see, for they ask every room.
"""

from allauth.account import views as allauth
from django.urls import path

from upturn.people import views

room = [
    path("demo/", views.demo, name="demo"),
    path("join/<str:token>/", views.join, name="join"),
    path("language/", views.language, name="language"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/invitations/<int:invitation_id>/end/", views.take_back, name="take_back"),
    path(
        "people/memberships/<int:membership_id>/end/", views.end_membership, name="end_membership"
    ),
    path("people/tokens/", views.tokens, name="tokens"),
    path("people/tokens/<int:token_id>/end/", views.end_token, name="end_token"),
    path("people/<str:username>/", views.person, name="person"),
    path("people/<str:username>/place/", views.place, name="place"),
    path("people/<str:username>/role/", views.role, name="role"),
    path("people/<str:username>/close/", views.close, name="close"),
    path("people/<str:username>/open/", views.reopen, name="reopen"),
    path("people/<str:username>/erase/", views.erase, name="erase"),
    path("people/<str:username>/way-back/", views.way_back, name="way_back"),
]
account = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
]
