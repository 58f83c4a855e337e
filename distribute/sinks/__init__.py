"""Where messages go. A sink sees an envelope and bytes, never a template."""
