"""Who comes in: everybody but guests of the organisation."""

from functools import partial

from django.utils.translation import gettext_lazy

from upturn.voice.views.door import readers_of_words

for_members = partial(
    readers_of_words,
    otherwise=gettext_lazy("There is no such floor or run, or it is not for you to see."),
)
