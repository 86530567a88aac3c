"""The hash of what reads meaning in a browser, so that anybody can hold a page against it.

``hatch_build.py`` makes it of ``browser/`` and keeps it only if it has this hash.
"""

BROWSER_SHA256 = "bc9e12e53b9e21dfe680d1ed6d6adb37170dc6157cd2041ad5f33da3f5cfb593"
"""Of ``static/exchange/sentence_model.js``, in hexadecimal."""
