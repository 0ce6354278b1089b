"""What the panels of all parts share: buttons, layout, the customer at the reader, the till."""
