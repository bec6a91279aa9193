"""What the pages of the file show of this room."""
