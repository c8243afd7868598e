"""The pictures of the user guide: how each page is reached, a module a reader."""
