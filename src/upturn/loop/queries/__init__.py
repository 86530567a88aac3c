"""Every read of this room. Who may see what is decided in `sight`."""
