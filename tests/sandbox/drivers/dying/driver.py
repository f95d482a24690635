"""A guest that does not come to be."""
raise SystemError("this Python is broken")
