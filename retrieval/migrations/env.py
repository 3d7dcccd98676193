"""Run by alembic."""

from retrieval.database import run_migrations

run_migrations()
