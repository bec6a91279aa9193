"""What works with one student: short cards for all who teach them, their own words, and how they are kept safe."""
