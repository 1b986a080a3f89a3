"""The graded drift case: a year of a model in production, handed out month by month, and a monitor for hidden years."""
