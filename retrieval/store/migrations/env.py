"""Run by alembic."""

from retrieval.store.database import run_migrations

run_migrations()
