"""The page of a house, a year or the school: what its numbers say, and the named rows behind each of them."""
