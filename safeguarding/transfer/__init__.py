"""Children who leave with a file: it goes to the next school, sealed, and somebody there says that it came."""
