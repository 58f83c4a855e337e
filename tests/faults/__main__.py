"""``python -m tests.faults RECORD MANNERS HOST``: the server as a process of its own."""

import sys
from pathlib import Path

from tests.faults.fault import from_json
from tests.faults.neighbour import serve

if __name__ == "__main__":
    serve(Path(sys.argv[1]), from_json(sys.argv[2]), sys.argv[3])
