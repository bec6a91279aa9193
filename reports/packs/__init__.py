"""What a meeting about one student needs to know, put together item by item and taken away as one PDF."""
