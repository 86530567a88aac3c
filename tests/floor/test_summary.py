from tests.floor.plain_runs import busy_floor
def test_x() -> None:
    assert busy_floor()
