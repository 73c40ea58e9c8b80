#!/bin/sh
# date-holidays 3.37.0 (npm) has England's spring bank holiday of 2012 on the wrong day, and no royal wedding in 2011.
# For the Diamond Jubilee the holiday was moved from Monday 28 May to Monday 4 June 2012, before the extra day of 5 June
# (https://www.gov.uk/bank-holidays). The package has 28 May, and calls 4 June no holiday. It moves the same holiday
# correctly in 2022. The bank holiday of 29 April 2011 (royal wedding) is missing.
#
# Seen with Node 20:
#   2011-04-29 none
#   2012-05-28 Spring bank holiday
#   2012-06-04 none
#   2012-06-05 Queen’s Diamond Jubilee
#   2022-05-30 none
#   2022-06-02 Spring bank holiday
#
# Exits with 1 when the output changes.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund date-holidays@3.37.0 >/dev/null
cat >see.cjs <<'JS'
const Holidays = require('date-holidays');
const england = new Holidays('GB', 'ENG');
for (const date of ['2011-04-29', '2012-05-28', '2012-06-04', '2012-06-05', '2022-05-30', '2022-06-02']) {
  const found = england.getHolidays(Number(date.slice(0, 4))).filter((holiday) => holiday.date.startsWith(date));
  console.log(date, found.map((holiday) => holiday.name).join(', ') || 'none');
}
JS
node see.cjs | tee seen
cat >expected <<'TEXT'
2011-04-29 none
2012-05-28 Spring bank holiday
2012-06-04 none
2012-06-05 Queen’s Diamond Jubilee
2022-05-30 none
2022-06-02 Spring bank holiday
TEXT
diff expected seen
