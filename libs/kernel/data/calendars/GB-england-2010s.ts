import type { CalendarData } from '../../src/calendar/calendar.js';

/** England's bank holidays of 2010 to 2019; `GB-england.ts` names their source. */
export const england2010s: CalendarData['years'] = {
  2010: {
    holidays: {
      'New Year’s Day': '2010-01-01',
      'Good Friday': '2010-04-02',
      'Easter Monday': '2010-04-05',
      'Early May bank holiday': '2010-05-03',
      'Spring bank holiday': '2010-05-31',
      'Summer bank holiday': '2010-08-30',
      'Christmas Day (substitute day)': '2010-12-27',
      'Boxing Day (substitute day)': '2010-12-28',
    },
  },
  2011: {
    holidays: {
      'New Year’s Day (substitute day)': '2011-01-03',
      'Good Friday': '2011-04-22',
      'Easter Monday': '2011-04-25',
      'Royal wedding bank holiday': '2011-04-29',
      'Early May bank holiday': '2011-05-02',
      'Spring bank holiday': '2011-05-30',
      'Summer bank holiday': '2011-08-29',
      'Boxing Day': '2011-12-26',
      'Christmas Day (substitute day)': '2011-12-27',
    },
  },
  2012: {
    holidays: {
      'New Year’s Day (substitute day)': '2012-01-02',
      'Good Friday': '2012-04-06',
      'Easter Monday': '2012-04-09',
      'Early May bank holiday': '2012-05-07',
      'Spring bank holiday (substitute day)': '2012-06-04',
      'Queen’s Diamond Jubilee': '2012-06-05',
      'Summer bank holiday': '2012-08-27',
      'Christmas Day': '2012-12-25',
      'Boxing Day': '2012-12-26',
    },
  },
  2013: {
    holidays: {
      'New Year’s Day': '2013-01-01',
      'Good Friday': '2013-03-29',
      'Easter Monday': '2013-04-01',
      'Early May bank holiday': '2013-05-06',
      'Spring bank holiday': '2013-05-27',
      'Summer bank holiday': '2013-08-26',
      'Christmas Day': '2013-12-25',
      'Boxing Day': '2013-12-26',
    },
  },
  2014: {
    holidays: {
      'New Year’s Day': '2014-01-01',
      'Good Friday': '2014-04-18',
      'Easter Monday': '2014-04-21',
      'Early May bank holiday': '2014-05-05',
      'Spring bank holiday': '2014-05-26',
      'Summer bank holiday': '2014-08-25',
      'Christmas Day': '2014-12-25',
      'Boxing Day': '2014-12-26',
    },
  },
  2015: {
    holidays: {
      'New Year’s Day': '2015-01-01',
      'Good Friday': '2015-04-03',
      'Easter Monday': '2015-04-06',
      'Early May bank holiday': '2015-05-04',
      'Spring bank holiday': '2015-05-25',
      'Summer bank holiday': '2015-08-31',
      'Christmas Day': '2015-12-25',
      'Boxing Day (substitute day)': '2015-12-28',
    },
  },
  2016: {
    holidays: {
      'New Year’s Day': '2016-01-01',
      'Good Friday': '2016-03-25',
      'Easter Monday': '2016-03-28',
      'Early May bank holiday': '2016-05-02',
      'Spring bank holiday': '2016-05-30',
      'Summer bank holiday': '2016-08-29',
      'Boxing Day': '2016-12-26',
      'Christmas Day (substitute day)': '2016-12-27',
    },
  },
  2017: {
    holidays: {
      'New Year’s Day (substitute day)': '2017-01-02',
      'Good Friday': '2017-04-14',
      'Easter Monday': '2017-04-17',
      'Early May bank holiday': '2017-05-01',
      'Spring bank holiday': '2017-05-29',
      'Summer bank holiday': '2017-08-28',
      'Christmas Day': '2017-12-25',
      'Boxing Day': '2017-12-26',
    },
  },
  2018: {
    holidays: {
      'New Year’s Day': '2018-01-01',
      'Good Friday': '2018-03-30',
      'Easter Monday': '2018-04-02',
      'Early May bank holiday': '2018-05-07',
      'Spring bank holiday': '2018-05-28',
      'Summer bank holiday': '2018-08-27',
      'Christmas Day': '2018-12-25',
      'Boxing Day': '2018-12-26',
    },
  },
  2019: {
    holidays: {
      'New Year’s Day': '2019-01-01',
      'Good Friday': '2019-04-19',
      'Easter Monday': '2019-04-22',
      'Early May bank holiday': '2019-05-06',
      'Spring bank holiday': '2019-05-27',
      'Summer bank holiday': '2019-08-26',
      'Christmas Day': '2019-12-25',
      'Boxing Day': '2019-12-26',
    },
  },
};
