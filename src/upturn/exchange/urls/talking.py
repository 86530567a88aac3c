"""Topics, rounds, cards, decisions, the guard."""

from django.urls import path

from upturn.exchange.views import cards, decisions, guarding, rounds, steward, talking

urlpatterns = [
    path("exchanges/<slug:ref>/guard/", guarding.log, name="guard_log"),
    path("exchanges/<slug:ref>/guard/words/", guarding.words, name="guard_words"),
    path("exchanges/<slug:ref>/guard/device/", guarding.device, name="guard_device"),
    path("exchange/guard-model/<slug:digest>/", guarding.model, name="guard_model"),
    path("exchanges/<slug:ref>/guard/notes/", guarding.notes, name="guard_notes"),
    path("exchanges/<slug:ref>/guard/hold/", guarding.hold, name="guard_hold"),
    path("exchanges/<slug:ref>/guard/held/", guarding.held, name="guard_held"),
    path("exchanges/<slug:ref>/guard/withdraw/", guarding.withdraw, name="guard_withdraw"),
    path("exchanges/<slug:ref>/steward/", steward.desk, name="steward"),
    path("exchanges/<slug:ref>/steward/decide/", steward.decide, name="steward_decide"),
    path("exchanges/<slug:ref>/side/", steward.side, name="side"),
    path("exchanges/<slug:ref>/talk/", talking.talk, name="talk"),
    path("exchanges/<slug:ref>/talk/new/", talking.new_round, name="round_new"),
    path("exchanges/<slug:ref>/talk/<slug:topic>/", talking.brakes, name="brakes"),
    path("exchanges/<slug:ref>/rounds/<slug:asked>/", rounds.one, name="round"),
    path("exchanges/<slug:ref>/cards/", cards.all_cards, name="cards"),
    path("exchanges/<slug:ref>/cards/new/", cards.new, name="card_new"),
    path("exchanges/<slug:ref>/cards/<slug:card>/", cards.one, name="card"),
    path("exchanges/<slug:ref>/decisions/", decisions.all_decisions, name="decisions"),
    path("exchanges/<slug:ref>/decisions/new/", decisions.new, name="decision_new"),
    path("exchanges/<slug:ref>/decisions/<slug:decision>/", decisions.one, name="decision"),
]
