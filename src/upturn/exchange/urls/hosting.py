"""Preparing an exchange, its parties, the calls, the charter, trust and leaving."""

from django.urls import path

from upturn.exchange.views import before, charters, hosting, hosting_parties, kits, trust

AT = "exchanges/<slug:ref>"
urlpatterns = [
    path("exchanges/", hosting.exchanges, name="exchanges"),
    path("exchanges/new/", hosting.new, name="new"),
    path(f"{AT}/desk/", hosting.desk, name="desk"),
    path(f"{AT}/desk/move/", hosting.move, name="move"),
    path(f"{AT}/ready/", before.ready, name="ready"),
    path(f"{AT}/ready/counsel/", before.counsel, name="counsel"),
    path(
        f"{AT}/ready/counsel/<int:number>/withdraw/",
        before.withdraw_counsel,
        name="withdraw_counsel",
    ),
    path(f"{AT}/parties/", hosting_parties.parties, name="parties"),
    path(f"{AT}/parties/<slug:party>/door/", hosting_parties.new_door, name="new_door"),
    path(f"{AT}/parties/<slug:party>/words/", hosting_parties.words, name="words"),
    path(f"{AT}/parties/<slug:party>/withdraw/", hosting_parties.withdraw, name="withdraw"),
    path(f"{AT}/knock/", hosting_parties.knock, name="knock"),
    path(f"{AT}/knocks/<slug:knock>/", hosting_parties.answer_knock, name="answer_knock"),
    path(f"{AT}/calls/", before.calls, name="calls"),
    path(f"{AT}/calls/<slug:party>/", before.call, name="call"),
    path(f"{AT}/answer/", before.answer, name="answer"),
    path(f"{AT}/answer/standing.json", before.standing, name="standing"),
    path(f"{AT}/charter/", charters.charter, name="charter"),
    path(f"{AT}/charter/write/", charters.write, name="write_charter"),
    path(f"{AT}/charter/<int:number>.json", charters.as_file, name="charter_file"),
    path(f"{AT}/charter/gain/", charters.gain, name="gain"),
    path(f"{AT}/charter/ring/", charters.ring, name="ring"),
    path(f"{AT}/charter/line/", charters.line, name="vision_line"),
    path(f"{AT}/charter/chair/", charters.chair, name="chair"),
    path(f"{AT}/kit/", kits.kit, name="kit"),
    path(f"{AT}/trust/", trust.trust, name="trust"),
    path(f"{AT}/trust/boat/", trust.boat, name="boat"),
    path(f"{AT}/trust/report/", trust.report, name="report"),
    path(f"{AT}/trust/reports/<slug:breach>/", trust.answer_report, name="answer_report"),
    path(f"{AT}/leave/", trust.leave, name="leave"),
    path(f"{AT}/rules/", trust.rules, name="rules"),
]
