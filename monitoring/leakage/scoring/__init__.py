"""How well the columns predict, by three ways of splitting."""
