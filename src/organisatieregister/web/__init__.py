"""The doors over HTTP: one module a resource family, put together in ``app.py``."""
