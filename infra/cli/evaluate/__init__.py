"""``reauto evaluate``: how good parts of the product are, measured on labelled sets."""
