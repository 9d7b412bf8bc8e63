"""Text that every service treats alike: folding, search words, labels."""
