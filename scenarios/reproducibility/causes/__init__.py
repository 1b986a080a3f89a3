"""What makes a recorded figure not come back: one file a cause, each real code of the little repository."""
