"""`lab monitor` and `lab alerts`: the monthly monitor on tables of the user's own."""
