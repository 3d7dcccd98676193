"""The JSON documents that the command line prints and the interface for programs answers with: each shape, once."""
