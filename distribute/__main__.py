"""Run the command line as ``python -m distribute``."""

from distribute.cli import main

if __name__ == "__main__":
    main()
