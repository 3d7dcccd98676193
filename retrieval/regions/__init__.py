"""Administrative divisions and the place names that mean them."""

from retrieval.regions.aboutness import Mention
from retrieval.regions.filing import divisions_of
from retrieval.regions.gazetteer import Division, Gazetteer
from retrieval.regions.resolver import Candidate, Resolution, Resolver

__all__ = ["Candidate", "Division", "Gazetteer", "Mention", "Resolution", "Resolver", "divisions_of"]
