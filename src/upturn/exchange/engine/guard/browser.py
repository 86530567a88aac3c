"""The hash of what reads meaning in a browser, so that anybody can hold a page against it.

``hatch_build.py`` makes it of ``browser/`` and keeps it only if it has this hash.
"""

BROWSER_SHA256 = "88a412ed7c7cc0292e5fe2c405c86fe32957ab3624a6566dcfe2c9cbf6a418c5"
"""Of ``static/exchange/sentence_model.js``, in hexadecimal."""
