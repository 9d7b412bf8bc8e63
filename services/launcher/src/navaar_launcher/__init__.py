"""The navaar command: everything on one machine, sign-in, doctor, demo."""
