"""distribute.toml becomes the settings that each stage defines for itself."""
