"""The monitor on plain tables: good rows and new rows in, reports by month out."""
