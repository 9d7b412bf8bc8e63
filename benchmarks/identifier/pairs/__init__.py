"""Pairs of items that look like one recording and are two, or look like two and are one, all made up here."""
