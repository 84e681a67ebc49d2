"""The same questions without notebooks: one script, the same cleaning and the same SQL, on the same session.

usage: plainQuestions.py <scripts> <notebooks> <folder> <lake> <user id>   prints the answers as one line of JSON
"""

import ast
import json
import sys
from pathlib import Path

scripts, notebooks, folder, lake, user_id = sys.argv[1:]
sys.path.insert(0, scripts)
from session import open_session  # noqa: E402

spark = open_session(folder, "", False)
exec(Path(notebooks, "clean.py").read_text("utf8"))


def read(kind, schema):
    return spark.read.schema(schema).option("recursiveFileLookup", "true").json(f"{lake}/{user_id}.{kind}")


for name, table in {
    "pins": clean_pin(read("pin", pin_schema)),
    "geo": clean_geo(read("geo", geo_schema)),
    "users": clean_user(read("user", user_schema)),
}.items():
    table.dropDuplicates().cache().createOrReplaceTempView(name)

answers = {}
for call in ast.walk(ast.parse(Path(notebooks, "batch.py").read_text("utf8"))):
    if not isinstance(call, ast.Call):
        continue
    words = [each.value for each in call.args if isinstance(each, ast.Constant)]
    if isinstance(call.func, ast.Name) and call.func.id == "answer":
        name, _, query = words
        answers[name] = [list(row) for row in spark.sql(query).collect()]
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "sql" and words:
        spark.sql(words[0])
print(json.dumps(answers))
spark.stop()
