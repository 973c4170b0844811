"""An invented county, to try the service with: 32 police units in three classes, a park and a town, some 300 people."""

from services.sample.county import write_sample_county

__all__ = ["write_sample_county"]
