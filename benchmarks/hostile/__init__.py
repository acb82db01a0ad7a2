"""Files that mean harm, and a count of what reading them does."""
