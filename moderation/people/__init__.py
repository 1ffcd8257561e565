"""What a person may ask for: everything the house keeps of them, and that it is erased."""
