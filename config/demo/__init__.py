"""A synthetic county: places, offices, people and years of visits. Nothing here stems from a real person."""
