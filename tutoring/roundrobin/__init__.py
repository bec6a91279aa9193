"""Round robins: all who teach a student are asked a few words, and answer in two taps."""
