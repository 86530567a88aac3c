"""Meetings, pairs, programmes, what is taken along, the page for outsiders."""

from django.urls import path

from upturn.exchange.views import keepers, media, meetings, outside, people_meet, programmes
from upturn.exchange.views.sum_of_us import sum_of_us

AT = "exchanges/<slug:ref>"
urlpatterns = [
    path(f"{AT}/programmes/", programmes.programmes, name="programmes"),
    path(f"{AT}/programmes/<slug:programme>/", programmes.programme, name="programme"),
    path(f"{AT}/meetings/", meetings.meetings, name="meetings"),
    path(f"{AT}/meetings/<slug:meeting>/", meetings.meeting, name="meeting"),
    path(f"{AT}/meetings/<slug:meeting>.ics", meetings.meeting_ics, name="meeting_ics"),
    path(f"{AT}/people/", people_meet.pairs, name="pairs"),
    path(f"{AT}/people/pairs/<int:number>/", people_meet.pair, name="pair"),
    path(f"{AT}/people/lists/", people_meet.lists, name="lists"),
    path(f"{AT}/sum/", sum_of_us, name="sum_of_us"),
    path(f"{AT}/outside/", outside.outside, name="outside"),
    path("exchange/out/<slug:ref>/", outside.out, name="out"),
    path(f"{AT}/keepers/", keepers.keepers, name="keepers"),
    path(f"{AT}/media/", media.media, name="media"),
    path(f"{AT}/media/<slug:media>/", media.media_content, name="media_content"),
]
