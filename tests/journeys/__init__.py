"""A package, so that its browser is closed when its last test is done and before Django's next."""
