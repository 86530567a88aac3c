"""When there is time to coach."""
