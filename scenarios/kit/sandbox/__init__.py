"""Running a candidate's code where it can do no harm and learn nothing: a child without network, home or truth."""
