"""Is the model still right, and what does it cost if not? Estimated before labels, realised after."""
