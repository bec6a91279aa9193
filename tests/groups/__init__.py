"""Staff, their groups and to whom they answer."""
