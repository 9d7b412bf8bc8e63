"""The runtime every Navaar service stands on: broker, failures, settings, telemetry, health."""
