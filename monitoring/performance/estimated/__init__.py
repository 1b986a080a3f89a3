"""Performance before labels: an interval over what may have shifted, scored once labels land."""
