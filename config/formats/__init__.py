"""How dates read, where Django's own way is not how people write them."""
