"""The key of everything that tests and benchmarks encrypt; importing this gives it to the process."""

from models.secrecy import parse_keys, use_keys

DATA_KEYS = "test:YW4gb3JkaW5hcnkga2V5IGZvciB0ZXN0cyBhbG9uZSE="

use_keys(parse_keys(DATA_KEYS))
