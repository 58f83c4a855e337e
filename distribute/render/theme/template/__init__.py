"""The one door to Jinja2: templates are checked, run in a sandbox, and their mistakes told."""
