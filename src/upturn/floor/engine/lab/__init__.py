"""Ways to serve a floor, compared."""
