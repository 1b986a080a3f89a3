"""Has the input or the score moved? Two-sample statistics, cached references, seasonal limits."""
