"""Shows Navaar over HTTP: REST, health and metrics."""
