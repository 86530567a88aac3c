from django.urls import path

from upturn.floor.views import floors, hooks, practising, runs

app_name = "floor"
urlpatterns = [
    path("lab/", floors.floors, name="floors"),
    path("lab/example/", floors.example, name="example"),
    path("lab/new/", floors.begin, name="begin"),
    path("lab/bring-in/", floors.bring_in, name="bring_in"),
    path("lab/bring-in/tables/", floors.tables, name="tables"),
    path("lab/runs/<slug:run>/", runs.run, name="run"),
    path("lab/runs/<slug:run>/figures.csv", runs.figures_csv, name="figures_csv"),
    path("lab/runs/<slug:run>/figures.json", runs.figures_json, name="figures_json"),
    path("lab/runs/<slug:run>/film/", runs.film, name="film"),
    path("lab/runs/<slug:run>/film.json", runs.film_json, name="film_json"),
    path("lab/<slug:floor>/", floors.floor, name="floor"),
    path("lab/<slug:floor>/draw/", floors.draw, name="draw"),
    path("lab/<slug:floor>/floor.toml", floors.floor_toml, name="floor_toml"),
    path("lab/<slug:floor>/run/", runs.order, name="order"),
    path("lab/<slug:floor>/practise/", practising.practise, name="practise"),
    path("floor/hooks/<slug:floor>/", hooks.hooks, name="hooks"),
]
