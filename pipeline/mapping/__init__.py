"""Source layers to canonical layers: which features, which fields, which lines make rings."""
