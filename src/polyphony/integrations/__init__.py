"""The neighbours we ask or tell, behind ports."""
