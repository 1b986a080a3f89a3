"""The company and its ML system: the simulated world, features, labels, training, serving, retraining."""
