"""Files for finance and the tax office, one module per format; pure: rows in, bytes or documents out."""
