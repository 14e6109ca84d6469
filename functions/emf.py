"""Counts as CloudWatch reads them out of a log: Powertools' embedded metric format.

``POWERTOOLS_METRICS_DISABLED`` keeps them out of the log where nobody reads them.
"""

from collections import defaultdict

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.metrics.functions import is_metrics_disabled

from shared.metrics import NAMESPACE, Labels, Metric, Tally

SERVICE = "reauto"


def write_out(tally: Tally) -> None:
    """One line for each set of labels; every figure is also summed up by function and in all, which alarms watch."""
    if is_metrics_disabled():
        return  # building the lines takes longer than answering the carrier
    by_labels: dict[Labels, dict[Metric, int]] = defaultdict(dict)
    for (metric, labels), value in tally.sums().items():
        by_labels[labels][metric] = value
    for labels, figures in by_labels.items():
        line = EphemeralMetrics(namespace=NAMESPACE, service=SERVICE)
        if labels:
            line.add_dimensions(service=SERVICE, **dict(labels))
        function = dict(labels).get("function")
        if function and len(labels) > 1:
            line.add_dimensions(service=SERVICE, function=function)
        for metric, value in figures.items():
            line.add_metric(name=metric.value, unit=MetricUnit.Count, value=value)
        line.flush_metrics()
