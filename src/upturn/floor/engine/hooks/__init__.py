"""What other programs send: whether they signed it, and what it says."""
