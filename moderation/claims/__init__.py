"""Claims: an artist says that an entry uses their work. Filed, answered, decided, and kept honest."""
