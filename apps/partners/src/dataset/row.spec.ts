import { entriesOf } from './books.js';
import { readRows } from './row.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const good = '536365,85123A,WHITE HEART,6,2010-12-01T08:26,2.55,17850,United Kingdom';
const read = (...lines: string[]) => readRows([header, ...lines].join('\n'));

describe('a row of the data set', () => {
  it('the columns are read as written', () => {
    expect(read(good)).toEqual([
      {
        ...{ invoice: '536365', sku: '85123A', description: 'WHITE HEART', quantity: 6, price: '2.55', customer: '17850' },
        ...{ at: Date.parse('2010-12-01T08:26:00Z'), country: 'United Kingdom' },
      },
    ]);
  });

  it('other column orders, export headings and spreadsheet numbers are read', () => {
    const [row] = readRows(
      'Country,Invoice,StockCode,Customer ID,Price,Quantity,InvoiceDate,Description,Note\nEIRE,1,A,17850.0,2,6.0,2010-12-01 08:26:00,"a ""b""",x',
    );
    expect(row).toMatchObject({
      invoice: '1',
      customer: '17850',
      quantity: 6,
      at: Date.parse('2010-12-01T08:26:00Z'),
      description: 'a "b"',
    });
    expect(row?.fault).toBeUndefined();
  });

  it('an unclosed quote does not affect later rows', () => {
    const quoted = good.replace('WHITE HEART', '"two\nlines"');
    const rows = read(quoted, good.replace('WHITE HEART', '"WHITE'), good.replace('536365', '536366'));
    expect(rows.map(({ invoice, description }) => [invoice, description])).toEqual([
      ['536365', 'two\nlines'],
      ['536365', '"WHITE'],
      ['536366', 'WHITE HEART'],
    ]);
  });

  it.each([
    ['six', good.replace(',6,', ',six,'), 'invalid quantity "six"'],
    ['half a thing', good.replace(',6,', ',0.5,'), 'invalid quantity "0.5"'],
    ['no time', good.replace('2010-12-01T08:26', 'yesterday'), 'invalid time "yesterday"'],
    ['no price', good.replace('2.55', '2,55').replace('2,55', '"2,55"'), 'invalid price "2,55"'],
    ['no invoice number', good.replace('536365', '#REF!'), 'invalid invoice number "#REF!"'],
    ['no stock code', good.replace('85123A', ''), 'invalid stock code ""'],
    ['a line that is cut off', '536365,85123A,WHITE', 'the line is cut off: the quantity is missing'],
    ['a control character', good.replace('WHITE', 'WH\u0000ITE'), 'holds control characters'],
  ])('an unreadable row has its fault: %s', (_, line, fault) => {
    expect(read(good, line).at(-1)).toMatchObject({ fault });
  });

  it('an unreadable row is refused with its reason, and the other rows of its invoice form an order', () => {
    const [entry] = entriesOf(read(good, good.replace(',6,', ',six,')));
    expect(entry?.order?.lines).toMatchObject([{ line: 1, quantity: 6 }]);
    expect(entry?.refused).toEqual([{ entry: '536365', lines: [2], reason: 'unreadable', detail: 'invalid quantity "six"' }]);
  });

  it('a row without an invoice number is an entry identified by its line number', () => {
    expect(entriesOf(read(good, good.replace('536365', '')))[1]).toMatchObject({
      invoice: 'row-3',
      refused: [{ entry: 'row-3', lines: [1], reason: 'unreadable' }],
    });
  });

  it('the Windows encoding of spreadsheets is read', () => {
    const bytes = Buffer.from(`${header}\n${good.replace('WHITE HEART', 'CAFÉ')}`, 'latin1');
    expect(readRows(bytes)[0]?.description).toBe('CAFÉ');
  });
});

describe('a file in another format', () => {
  it('the file is refused with the missing columns', () => {
    expect(() => readRows('a,b\n1,2')).toThrow('has no column for invoice, sku, description, quantity, at, price, customer, country');
  });
});
