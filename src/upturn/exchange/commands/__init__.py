"""Every write of this room, refused with a reason or done whole."""
