"""Students with needs: the list a SENCO filters and takes away, and the same of the whole school."""
