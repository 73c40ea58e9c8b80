#!/bin/sh
# chinese-days 1.5.7 (npm) answers for a year that it has no data of: by the weekday, without an error.
# Its README says "Supports the years 2004 to 2026". 1 October is National Day by statute; the package calls
# Friday 1 October 2027 a working day named "Friday". New Year's Day and Spring Festival 2027 are the same.
#
# Seen with Node 20:
#   2026-10-01 isWorkday=false isHoliday=true name=National Day,国庆节,3
#   2027-10-01 isWorkday=true isHoliday=false name=Friday
#   findWorkday(1, 2027-09-30) = 2027-10-01
#
# Exits with 1 when the output changes.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund chinese-days@1.5.7 >/dev/null
cat >see.cjs <<'JS'
const { findWorkday, getDayDetail, isHoliday, isWorkday } = require('chinese-days');
for (const date of ['2026-10-01', '2027-10-01'])
  console.log(`${date} isWorkday=${isWorkday(date)} isHoliday=${isHoliday(date)} name=${getDayDetail(date).name}`);
console.log(`findWorkday(1, 2027-09-30) = ${findWorkday(1, '2027-09-30')}`);
JS
node see.cjs | tee seen
cat >expected <<'TEXT'
2026-10-01 isWorkday=false isHoliday=true name=National Day,国庆节,3
2027-10-01 isWorkday=true isHoliday=false name=Friday
findWorkday(1, 2027-09-30) = 2027-10-01
TEXT
diff expected seen
