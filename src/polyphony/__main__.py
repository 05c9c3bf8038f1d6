"""`python -m polyphony`: hand over to the roof."""

import sys

from polyphony.app.main import main

sys.exit(main())
