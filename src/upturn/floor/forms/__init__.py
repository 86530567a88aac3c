"""What comes in from the pages of this room."""
