"""The browser build: the notebooks as static files, with their Python in the browser."""
