"""For whoever builds a scenario: a scaffold to start from, and a check that says what is left to do."""
