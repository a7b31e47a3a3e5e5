"""What the bank knows and when it learned it: SQL, snapshots, trail, access."""
