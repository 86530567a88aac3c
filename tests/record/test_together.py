"""Tables made together are the tables made one by one."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from upturn.record.together import CreateTogether

NUMBER = ("id", models.BigAutoField(primary_key=True))


def tables() -> list[CreateModel]:
    shelf = models.ForeignKey("library.shelf", models.CASCADE)
    once = models.UniqueConstraint(fields=["shelf", "title"], name="one_title_a_shelf")
    title = ("title", models.CharField(max_length=20))
    return [
        CreateModel("Shelf", [NUMBER]),
        CreateModel("Book", [NUMBER, title, ("shelf", shelf)], {"constraints": [once]}),
        CreateModel(
            "Loan", [NUMBER, ("book", models.OneToOneField("library.book", models.CASCADE))]
        ),
    ]


def apply(operations: Sequence[Operation], state: ProjectState) -> ProjectState:
    with connection.schema_editor() as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("library", state)
            operation.database_forwards("library", editor, before, state)
    return state


def undo(operation: Operation, after: ProjectState, before: ProjectState) -> None:
    with connection.schema_editor() as editor:
        operation.database_backwards("library", editor, after, before)


def shapes() -> dict[str, object]:
    with connection.cursor() as cursor:
        found = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith("library_")
        ]
        return {
            name: (
                connection.introspection.get_table_description(cursor, name),
                sorted(
                    (tuple(each["columns"]), each["unique"], str(each["foreign_key"]))
                    for each in connection.introspection.get_constraints(cursor, name).values()
                ),
            )
            for name in found
        }


@pytest.fixture
def nothing_yet() -> Iterator[ProjectState]:
    assert shapes() == {}
    state = ProjectState()
    _ = state.apps  # rendered, as it is where a migration begins
    yield state


@pytest.mark.django_db(transaction=True)
def test_both_ways_make_the_same_tables_and_take_them_away(nothing_yet: ProjectState) -> None:
    step = CreateTogether(tables())
    after = apply([step], nothing_yet.clone())
    together = shapes()
    assert set(together) == {"library_shelf", "library_book", "library_loan"}
    assert {model for _, model in after.models} == {"shelf", "book", "loan"}
    loan = after.apps.get_model("library", "loan")
    assert loan._meta.get_field("book").related_model is after.apps.get_model("library", "book")
    undo(step, after, nothing_yet)
    assert shapes() == {}

    one_by_one = tables()
    after = apply(one_by_one, nothing_yet.clone())
    assert shapes() == together
    for model in reversed(one_by_one):
        undo(model, after, nothing_yet)


def test_a_table_is_known_by_its_name() -> None:
    step = CreateTogether(tables())
    assert step.references_model("Book", "library")
    assert not step.references_model("Author", "library")
    assert step.describe() == "Create 3 tables together"
