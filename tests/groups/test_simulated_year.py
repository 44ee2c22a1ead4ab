"""The weeks in which clocks change in Europe and in the south, with two workers at once.

`python -m tests.faults.group_year` runs whole years, and kills workers.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.groups.simulated_year import Year, two_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_change_and_every_reminder_happens_once_and_in_time():
    year = Year(first=date(2027, 3, 22), last=date(2027, 4, 11), seed=4)

    with two_threads() as sweep:
        figures = year.run(sweep)

    assert figures.faults == []
    assert figures.transitions > 100
    assert figures.reminders > 150
    assert figures.occurrences > 20
