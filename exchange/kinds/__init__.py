"""One module per kind of file: its columns, and what becomes of a row."""
