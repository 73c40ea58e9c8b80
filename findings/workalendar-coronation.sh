#!/bin/sh
# workalendar 17.0.0 (PyPI, its latest release) does not know the bank holiday for the coronation of King Charles III,
# Monday 8 May 2023 (https://www.gov.uk/bank-holidays). The working day after Friday 5 May 2023 is given as 8 May
# instead of 9 May, without a warning. The other declared holidays (2011, 2012, 2022) are known.
#
# Seen with Python 3.11:
#   2022-09-19 working day: False
#   2023-05-08 working day: True
#   2023-05-05 and one working day: 2023-05-08
#
# Exits with 1 when the output changes.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check workalendar==17.0.0
cat >see.py <<'PYTHON'
from datetime import date
from workalendar.europe import UnitedKingdom

calendar = UnitedKingdom()
for day in (date(2022, 9, 19), date(2023, 5, 8)):
    print(f"{day} working day: {calendar.is_working_day(day)}")
print(f"2023-05-05 and one working day: {calendar.add_working_days(date(2023, 5, 5), 1)}")
PYTHON
python/bin/python see.py | tee seen
cat >expected <<'TEXT'
2022-09-19 working day: False
2023-05-08 working day: True
2023-05-05 and one working day: 2023-05-08
TEXT
diff expected seen
