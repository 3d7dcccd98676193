"""Run by alembic."""

from retrieval import run_migrations

run_migrations()
