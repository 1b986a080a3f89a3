"""A graded case: what is planted, what is handed out, how code is run on sealed months, how answers earn points."""
