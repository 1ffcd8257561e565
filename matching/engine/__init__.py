"""Pictures in, numbers out: safe decoding, encoder, descriptors, index, geometric verification.

Knows no Django: a notebook, a GPU worker or a test can use every file here alone.
"""
