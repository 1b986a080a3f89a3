"""The errors a user can put right. Their messages say what was wrong, what was given, what is allowed, what to try."""


class LabError(ValueError):
    """The lab was asked for something it cannot do, or found a file it cannot use."""


class ToolError(LabError):
    """A tool underneath (git, DVC, Prefect, MLflow) did not do its part; the message ends with its own words."""
