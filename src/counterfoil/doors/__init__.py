"""The doors: where the outside comes in. Doors take the built app; nothing imports a door."""
