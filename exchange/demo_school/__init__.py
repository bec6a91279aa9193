"""The invented school of the demo: people, two terms of everything, and stories that hang together."""
