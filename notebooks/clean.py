# Databricks notebook source
# MAGIC %md
# MAGIC # Cleaning
# MAGIC
# MAGIC Functions only: nothing is read or written here. `batch` and `streaming` both run this notebook (`%run ./clean`), so that a record is
# MAGIC cleaned in one way, whichever way it came. Each function takes a table as it arrived and gives the clean one.
# MAGIC
# MAGIC Everything it uses is imported here: a notebook that relies on what another cell of a session imported works by hand and fails in a
# MAGIC job (F-62).

# COMMAND ----------

from functools import reduce

from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType, IntegerType, LongType, StringType, StructField, StructType

# COMMAND ----------

# MAGIC %md
# MAGIC ## As they arrive
# MAGIC
# MAGIC The column names are those of the JSON: posts have `index`, places and people have `ind`. One that is spelt differently would be
# MAGIC empty in every row (F-57).

# COMMAND ----------


def columns(**types):
    return StructType([StructField(name, kind) for name, kind in types.items()])


pin_schema = columns(
    index=LongType(),
    unique_id=StringType(),
    title=StringType(),
    description=StringType(),
    poster_name=StringType(),
    follower_count=StringType(),
    tag_list=StringType(),
    is_image_or_video=StringType(),
    image_src=StringType(),
    downloaded=LongType(),
    save_location=StringType(),
    category=StringType(),
)
geo_schema = columns(
    ind=LongType(),
    timestamp=StringType(),
    latitude=DoubleType(),
    longitude=DoubleType(),
    country=StringType(),
)
user_schema = columns(
    ind=LongType(),
    first_name=StringType(),
    last_name=StringType(),
    age=LongType(),
    date_joined=StringType(),
)

# COMMAND ----------

# MAGIC %md
# MAGIC ## What means "nothing"
# MAGIC
# MAGIC The source writes words where it has no value. They become `NULL`, so that they are neither counted nor compared. The whole value
# MAGIC must be the same, to its last dot: `Image src error` without the dot would match nothing, and the rule would silently do nothing
# MAGIC (F-63). So would `col == None`: a comparison with `NULL` is never true.

# COMMAND ----------

nothings = {
    "title": ["No Title Data Available"],
    "description": [
        "No description available Story format",
        "No description available",
        "Untitled",
    ],
    "poster_name": ["User Info Error"],
    "follower_count": ["User Info Error"],
    "tag_list": ["N,o, ,T,a,g,s, ,A,v,a,i,l,a,b,l,e"],
    "image_src": ["Image src error."],
}


def without_nothings(table):
    """Placeholders and empty texts become NULL."""
    for name, kind in table.dtypes:
        if kind != "string":
            continue
        value = F.trim(F.col(name))
        table = table.withColumn(
            name,
            F.when((value == "") | value.isin(nothings.get(name, [])), F.lit(None)).otherwise(F.col(name)),
        )
    return table


# COMMAND ----------

# MAGIC %md
# MAGIC ## Numbers and times
# MAGIC
# MAGIC `follower_count` is text: `437`, `28k`, `8M`. The number is multiplied, so that `1.5k` would be 1500 and not `1.5000`. What is no
# MAGIC such number becomes `NULL`. A time may have a blank or a `T` between date and time.

# COMMAND ----------

follower_pattern = r"^(\d+(?:\.\d+)?)([kKM]?)$"


def follower_number(column):
    """`28k` → 28000."""
    number = F.regexp_extract(column, follower_pattern, 1)
    unit = F.regexp_extract(column, follower_pattern, 2)
    factor = F.when(unit == "M", 1_000_000).when(unit.isin("k", "K"), 1_000).otherwise(1)
    # Only what has the form of a number is cast: with Spark 4 a cast of anything else is an error.
    is_number = column.rlike(follower_pattern)
    return F.when(is_number, (F.when(is_number, number).cast(DoubleType()) * factor)).cast(IntegerType())


def moment(column):
    """A time as text → a timestamp; NULL for anything else."""
    text = F.regexp_replace(column, "T", " ")
    is_time = text.rlike(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$")
    return F.to_timestamp(F.when(is_time, F.substring(text, 1, 19)), "yyyy-MM-dd HH:mm:ss")


# COMMAND ----------

# MAGIC %md
# MAGIC ## The three tables
# MAGIC
# MAGIC The order of the columns is the brief's. `downloaded` is left out, as the brief has it. Rows without a number are none of ours: a
# MAGIC line of a test by hand, say.

# COMMAND ----------


def clean_pin(table):
    """Posts."""
    table = without_nothings(table.where(F.col("index").isNotNull()))
    return table.select(
        F.col("index").cast(IntegerType()).alias("ind"),
        "unique_id",
        "title",
        "description",
        follower_number(F.col("follower_count")).alias("follower_count"),
        "poster_name",
        "tag_list",
        "is_image_or_video",
        "image_src",
        F.regexp_replace("save_location", "^Local save in ", "").alias("save_location"),
        "category",
    )


def clean_geo(table):
    """Where and when each was posted."""
    table = without_nothings(table.where(F.col("ind").isNotNull()))
    return table.select(
        F.col("ind").cast(IntegerType()).alias("ind"),
        "country",
        F.array("latitude", "longitude").alias("coordinates"),
        moment(F.col("timestamp")).alias("timestamp"),
    )


def clean_user(table):
    """Who posted it."""
    table = without_nothings(table.where(F.col("ind").isNotNull()))
    return table.select(
        F.col("ind").cast(IntegerType()).alias("ind"),
        # A blank between the two; whoever has only one name keeps it.
        F.concat_ws(" ", "first_name", "last_name").alias("user_name"),
        F.col("age").cast(IntegerType()).alias("age"),
        moment(F.col("date_joined")).alias("date_joined"),
    )

# COMMAND ----------

# MAGIC %md
# MAGIC ## Did it do anything?
# MAGIC
# MAGIC A rule that matches nothing fails nowhere: its column looks as before, and the placeholder is counted as if it were a value (F-63).
# MAGIC Nor does a row that is there twice: it is counted twice (F-65). So both are asked.

# COMMAND ----------


def check_cleaned(table):
    """Fails where a placeholder is left."""
    kinds = dict(table.dtypes)
    rules = {column: words for column, words in nothings.items() if kinds.get(column) == "string"}
    counts = table.agg(
        *[F.sum(F.col(column).isin(words).cast(IntegerType())).alias(column) for column, words in rules.items()]
    ).first()
    left = [f"{column} ({counts[column]} rows)" for column in rules if counts[column]]
    if left:
        raise ValueError(f"The cleaning left placeholders in {', '.join(left)} (F-63)")


def check_once(**tables):
    """Fails where a number stands in several rows of a table: joined with another one, each of them is counted."""
    counts = [
        table.agg(F.lit(name).alias("name"), F.count("*").alias("rows"), F.countDistinct("ind").alias("numbers"))
        for name, table in tables.items()
    ]
    found = reduce(lambda above, below: above.union(below), counts).collect()
    twice = [f"{each.name}: {each.rows} rows of {each.numbers} numbers" for each in found if each.rows > each.numbers]
    if twice:
        raise ValueError(f"Rows with the same number (ind) count several times: {', '.join(twice)} (F-65)")
