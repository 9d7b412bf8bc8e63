"""What stands before the application: connections and their deadlines, who calls, and how large a request may be."""
