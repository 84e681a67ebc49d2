"""The very cells of the notebook as one script: what is not here is what the app adds to them.

usage: sameCells.py <scripts> <notebooks> <folder> <lake> <user id>   prints the answers as one line of JSON
"""

import json
import sys
from pathlib import Path

scripts, notebooks, folder, lake, user_id = sys.argv[1:]
sys.path.insert(0, scripts)
from session import open_session  # noqa: E402
from utils import NotebookExit, Utils  # noqa: E402

spark = open_session(folder, "", False)
dbutils = Utils({"user_id": user_id, "lake": lake})


def display(table):
    table.limit(1_001).collect()


try:
    # What is no Python in them stands in comments; batch runs the other two first.
    for name in ["setup", "clean", "batch"]:
        exec(Path(notebooks, f"{name}.py").read_text("utf8"))
except NotebookExit as ended:
    print(json.dumps(json.loads(ended.value)["answers"]))
spark.stop()
