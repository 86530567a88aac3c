"""Pages of words: to read them, to leave them, to say what they mean."""

from upturn.voice.views.doubts import confirming
from upturn.voice.views.looked_for import edit_theme, name_found, themes, unsaid
from upturn.voice.views.public import say
from upturn.voice.views.sentences import sentence
from upturn.voice.views.words import code, customers, theme, touchpoint

__all__ = [
    "code",
    "confirming",
    "customers",
    "edit_theme",
    "name_found",
    "say",
    "sentence",
    "theme",
    "themes",
    "touchpoint",
    "unsaid",
]
