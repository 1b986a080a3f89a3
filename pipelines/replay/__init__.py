"""A recorded year lived through again under a policy: what it saw, what it did, and what that cost."""
