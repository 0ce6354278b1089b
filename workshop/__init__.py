"""A room full of learners: JupyterHub for a workshop. `README.md` says how to run it."""
