"""How scenarios are shown: one HTML file each, with charts drawn here, that needs nothing beside itself."""
