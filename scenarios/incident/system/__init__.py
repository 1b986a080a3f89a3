"""The company's monthly system: deliveries, features, scores, offers, labels, and the dashboard over it."""
