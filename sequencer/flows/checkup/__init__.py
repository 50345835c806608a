"""What `doctor` looks at: one idea a file, each a function from the ground to its lines."""
