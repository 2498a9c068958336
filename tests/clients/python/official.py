"""The official client that is installed: kurrentdbclient, or esdbclient before it."""

try:
    import kurrentdbclient as package
    from kurrentdbclient import KurrentDBClient as Client
except ImportError:
    import esdbclient as package
    from esdbclient import EventStoreDBClient as Client

from importlib.metadata import version


class Errors:
    """The package's errors, by the names of the newer one; the older has them without the word error."""

    def __getattr__(self, name):
        held = package.exceptions
        return getattr(held, name, None) or getattr(held, name.removesuffix("Error"), KeyError)


errors = Errors()
NewEvent, StreamState = package.NewEvent, package.StreamState
NAME = f"{package.__name__} {version(package.__name__)}"
