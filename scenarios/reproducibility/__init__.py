"""A recorded result that does not come back: a little repository, what made its figure wander, and who cured it."""
