"""The tree as HTML, and HTML made safe."""
