"""Every write of this room; what is refused is said in `refusals`."""
