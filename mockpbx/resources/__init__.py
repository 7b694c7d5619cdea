"""One folder for each documented resource."""
