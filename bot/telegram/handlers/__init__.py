"""Handlers, a module for each intent."""
