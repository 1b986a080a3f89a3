"""Taking answers back: read within bounds, graded against a truth made anew, told to two readers, and ranked."""
