"""Layers as the tables of registration databases: what fits their fields, and the shapefiles that hold them."""
