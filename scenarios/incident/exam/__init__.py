"""Cases for people: planted, handed out, graded."""
