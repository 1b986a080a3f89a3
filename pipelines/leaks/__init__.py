"""The leak bank: ways the answer gets into the question, each a change of an honest feature definition."""
