"""The door to prometheus_client: show what a worker does, to whoever asks by HTTP.

No address and no name of a reader is in any of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from distribute.campaign.campaign import Outcome
from distribute.cli.fleet.meter import Meter
from distribute.errors import ConfigError

try:
    from prometheus_client import CollectorRegistry, Histogram, start_http_server
    from prometheus_client.metrics_core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        Metric,
    )
    from prometheus_client.registry import Collector
except ModuleNotFoundError as error:
    raise ConfigError(
        ("--metrics needs the extra [metrics], which is not installed",),
        hint="pip install 'distribute-newsletter[metrics]'",
    ) from error

_SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
"""Upper bounds of the classes of how long a batch takes."""


class Endpoint(NamedTuple):
    """Where metrics are shown."""

    host: str
    port: int
    """0 is one that is free."""


@contextmanager
def shown(
    endpoint: Endpoint, meter: Meter, began: float, connections: Callable[[], int]
) -> Iterator[int]:
    """Show metrics until the end; gives the port.

    `began` is in seconds since 1970, and `connections` counts those to mail servers.
    Raises `ConfigError` if nothing can listen there.
    """
    registry = CollectorRegistry()
    registry.register(_Collector(meter, began, connections))
    seconds = Histogram(
        "distribute_batch_seconds",
        "How long batches took that this worker had in hand.",
        buckets=_SECONDS,
        registry=registry,
    )
    meter.on_batch = seconds.observe
    try:
        server, thread = start_http_server(endpoint.port, endpoint.host, registry)
    except OSError as error:
        where = f"{endpoint.host}:{endpoint.port}"
        raise ConfigError(
            (f"--metrics: nothing can listen at {where}: {error.strerror or error}",),
            hint="Name another port; each worker of a machine needs its own.",
        ) from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Collector(Collector):
    """Reads the meter whenever somebody asks."""

    def __init__(
        self, meter: Meter, began: float, connections: Callable[[], int]
    ) -> None:
        self._meter = meter
        self._began = began
        self._connections = connections

    def collect(self) -> Iterator[Metric]:
        """Give all but how long batches took."""
        shares = self._meter.shares().values()
        deliveries = CounterMetricFamily(
            "distribute_deliveries",
            "Attempts at a delivery by this worker, by how they ended.",
            labels=["outcome"],
        )
        for outcome in Outcome:
            count = sum(share.ended.get(outcome, 0) for share in shares)
            deliveries.add_metric([str(outcome)], count)
        yield deliveries
        yield CounterMetricFamily(
            "distribute_batches",
            "Batches that this worker had in hand.",
            value=sum(share.batches for share in shares),
        )
        yield GaugeMetricFamily(
            "distribute_connections",
            "Open connections of this worker to mail servers.",
            value=self._connections(),
        )
        yield GaugeMetricFamily(
            "distribute_database_up",
            "Whether the database answered this worker a moment ago.",
            value=int(self._meter.is_database_up),
        )
        yield GaugeMetricFamily(
            "distribute_uncertain_deliveries",
            "Deliveries that wait for somebody's decision, of all that workers had.",
            value=self._meter.uncertain,
        )
        yield GaugeMetricFamily(
            "distribute_start_time_seconds",
            "When this worker began, in seconds since 1970.",
            value=self._began,
        )


def endpoint_named(said: str) -> Endpoint:
    """Read ``9100``, ``0.0.0.0:9100`` or ``[::]:9100``; raises `ValueError`.

    Without a host it is this machine alone.
    """
    host, _, port = said.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError("expected PORT or HOST:PORT")
    return Endpoint(host.strip("[]") or "127.0.0.1", int(port))
