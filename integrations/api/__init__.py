"""The API and the auditor's console: one FastAPI application, server-rendered, needing neither the internet nor JavaScript."""
