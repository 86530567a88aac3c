"""A floor as people write it down, read and checked."""
