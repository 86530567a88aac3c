"""Every read of this room; the viewer comes first, and who may see what is decided in `sight`."""
