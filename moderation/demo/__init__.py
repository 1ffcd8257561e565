"""A demonstration that anybody may try at home: eight entries that show every way through the desk.

Made by the real pipeline from pictures that a package ships or that the code draws. The credentials are
signed on the spot by a certificate authority that lives for one run and that no trust list knows.
"""
