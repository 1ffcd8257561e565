"""What people know better than the detector: corrections, golden cases, and when its lane must be silent."""
