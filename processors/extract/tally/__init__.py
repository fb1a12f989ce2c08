"""What counts towards which total: figures of the whole text to claims, the parts among them, and tolls."""
