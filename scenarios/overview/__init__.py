"""The front page of all reports: a line and a small figure for each scenario that has been run."""
