"""A board as the pages draw it."""

from typing import Any

from upturn.floor.views.showing import shown

NEED: dict[str, Any] = {
    "ref": "a",
    "place": "14",
    "kind": "coffee",
    "state": "open",
    "source": "guest",
    "asked": True,
    "count": 1,
    "words": "",
    "raised_s": 0.0,
    "asked_s": 0.0,
    "turn": 1,
    "mark": "",
}


def state(**how: Any) -> dict[str, Any]:
    """A board of two sections, on which the first is mine."""
    places = [
        {"id": name, "kind": "table", "x": x, "y": 0.0, "section": section, "leaving": False}
        | {"since_s": None}
        for name, x, section in (("14", 0.0, "hall"), ("9", 3.0, "bar"), ("window 3", 6.0, "far"))
    ]
    kinds = [
        {"name": "coffee", "label": "coffee", "owner_only": False, "due_s": 240.0},
        {"name": "bill", "label": "bill", "owner_only": True, "due_s": None},
    ]
    owners = [{"id": name, "owner": name, "owner_name": name.title()} for name in ("bar", "far")]
    given = {
        "now_s": 270.0,
        "me": {"seat": "s", "sections": ["hall"], "beside": ["bar"], "tables": ["14"]},
        "places": places,
        "kinds": kinds,
        "sections": owners,
        "needs": [],
    }
    return shown(given | how)
