"""The record as people read it: walked and verified, published, and handed out as receipts."""
