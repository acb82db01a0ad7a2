"""Technical ground; knows no business word."""
