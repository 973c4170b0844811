"""An invented county, to try the service with.

32 police units in three classes, a park and a town, some 350 people; 16 enterprise grids, 500 micro-grids and 500
enterprises; a dozen housing estates; 47 indicators with the figures of two quarters.
"""

from services.sample.county import write_sample_county

__all__ = ["write_sample_county"]
