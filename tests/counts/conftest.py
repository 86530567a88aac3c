"""What the databases count on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def postgresql(django_db_setup: None) -> Iterator[Any]:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL counts in the run on PostgreSQL")
    import psycopg  # noqa: PLC0415 - only there

    given = connection.settings_dict
    with psycopg.connect(
        dbname=given["NAME"],
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=given["PORT"],
    ) as opened:
        yield opened


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    here = {"spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "1"}
    session = sql.SparkSession.builder.master("local[1]").config(map=quiet | here)
    opened = session.getOrCreate()
    opened.sparkContext.setLogLevel("ERROR")
    yield opened
    opened.stop()
