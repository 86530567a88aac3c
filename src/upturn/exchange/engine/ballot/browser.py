"""The hash of the browser's half, so that anybody can hold a page against it.

``hatch_build.py`` makes that half of ``browser/`` and keeps it only if it has this hash; the docs
say how to compare what a host serves.
"""

BROWSER_SHA256 = "8baff2f3d0cffe08304f40f8c46091e46d0dc92d3299793203feba39b93b99d4"
"""Of ``static/exchange/sealed_ballot.js``, in hexadecimal."""
