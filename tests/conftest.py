"""What every test may ask for."""

from hypothesis import settings

pytest_plugins = ["tests.amazon", "tests.servers"]

settings.register_profile("house", deadline=None)  # how fast a machine is, is not what tests are about
settings.load_profile("house")
