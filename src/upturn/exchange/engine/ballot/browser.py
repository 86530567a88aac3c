"""The hash of the browser's half, so that anybody can hold a page against it.

``hatch_build.py`` makes that half of ``browser/`` and keeps it only if it has this hash; the docs
say how to compare what a host serves.
"""

BROWSER_SHA256 = "28206309ef4e52a4c1858a2fd74d8494850987c48b50e7d71c3b8fd23336d2e9"
"""Of ``static/exchange/sealed_ballot.js``, in hexadecimal."""
