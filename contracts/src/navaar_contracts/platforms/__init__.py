"""What a platform is: its specification, and the registry of those that are installed.

The platforms that Navaar brings along are described here, one file each, because every service must know of them while
only a gateway carries the platform's libraries. Any other package registers its own the same way: an entry point.
"""
