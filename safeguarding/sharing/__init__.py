"""Who reads what of the file besides those whose role it is: no concern without a reader, no lead kept out unseen."""
