"""A look through a pack before it leaves: anything in it that tells what is wrong, who made it or where."""
