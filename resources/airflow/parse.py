"""Loads one DAG file as Airflow's own processor does, and says what came of it, as one line of JSON.

Called with the file. Nothing is run of it but what Airflow itself runs to read it.
"""

import json
import os
import sys

# What the file prints, or Airflow, must not stand before our line.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from airflow import __version__

try:
    from airflow.dag_processing.dagbag import DagBag  # Airflow 3
except ImportError:
    from airflow.models.dagbag import DagBag  # Airflow 2

bag = DagBag(dag_folder=sys.argv[1])
print(
    json.dumps(
        {
            "airflow": __version__,
            "dags": [
                {"id": dag.dag_id, "tasks": [{"id": task.task_id, "type": task.task_type} for task in dag.tasks]}
                for dag in bag.dags.values()
            ],
            "errors": list(bag.import_errors.values()),
        }
    ),
    file=answer,
    flush=True,
)
