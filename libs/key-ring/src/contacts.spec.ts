import { blindIndex, blindSearch, type Contacts } from './contacts.js';
import { MasterKey } from './sealing-key.js';

const master = new MasterKey(Buffer.alloc(32, 7));

function finds(sought: Contacts, person: Contacts): boolean {
  const index = new Set(blindIndex(master, person));
  const groups = blindSearch(master, sought);
  return groups.length > 0 && groups.every((forms) => forms.some((form) => index.has(form)));
}

describe('a name (ORD-06)', () => {
  it.each([
    ['Müller', 'muller'],
    ['Müller', 'mueller'],
    ['Mueller', 'Müller'],
    ['Muller', 'MÜLLER'],
    ['Strauß', 'strauss'],
    ['Strauss', 'Strauß'],
    ['Paweł Łukasz', 'lukasz pawel'],
    ['Pawel', 'Paweł'],
    ['Søren Ærø', 'soren'],
    ['Søren', 'Soeren'],
    ['José Núñez', 'nunez'],
    ['Ada Lovelace', 'lovelace'],
    ["Sinéad O'Brien", 'obrien'],
    ["Sinéad O'Brien", "o'brien"],
    ['Sinéad O’Brien', "O'Brien"],
    ["Sinéad O'Brien", 'brien'],
    ["Sinéad O'Brien", 'O Brien'],
    ['Sinead OBrien', 'O’Brien'],
    ['Sinead O Brien', "O'Brien"],
    ['Anne-Marie Curie', 'anne'],
    ['Anne-Marie Curie', 'marie curie'],
    ['Anne-Marie Curie', 'annemarie'],
    ['Anne-Marie Curie', 'anne marie'],
    ['Anne Marie Curie', 'anne-marie'],
    ['Annemarie Curie', 'Anne-Marie'],
    ['Annemarie Curie', 'anne marie curie'],
    ['Ａｄａ', 'ada'],
    ['王 芳', '芳'],
    ['王小明', '小明'],
    ['王小明', '王'],
    ['欧阳小明', '欧阳'],
    ['欧阳小明', '小明'],
    ['王小明', '王 小明'],
    ['王 小明', '王小明'],
    ["D'Angelo, Jr.", "d'angelo"],
    ["D'Angelo, Jr.", 'angelo'],
    ['Berg,Anna', 'anna berg'],
    ['Anna Berg', 'Berg, Anna'],
    ['Li/Wang (c/o Chen)', 'wang chen'],
    ['Ada “Countess” Lovelace', 'countess'],
    ['Øyvind Ångström', 'angstroem'],
    ['Øyvind Ångström', 'angstrom'],
  ])('%s is found by %s', (name, sought) => {
    expect(finds({ name: sought }, { name })).toBe(true);
  });

  it.each([
    ['Ada Lovelace', 'love'],
    ['Ada Lovelace', 'ada byron'],
    ['Anne Curie', 'marie'],
    ['Ada Lovelace', ' - '],
  ])('%s is not found by %s', (name, sought) => {
    expect(finds({ name: sought }, { name })).toBe(false);
  });

  it('a name indexed in an older form is found as it was written', () => {
    const before = master.blind('name', 'anne-märie');
    expect(blindSearch(master, { name: 'Anne-Märie' })[0]).toContain(before);
  });

  it('the name of the recipient finds the customer of the order', () => {
    const order = { email: 'ada@example.test', name: 'Ada Lovelace', others: [{ name: 'Grace Hopper', phone: '555 0109999' }] };
    expect(finds({ name: 'hopper' }, order)).toBe(true);
    expect(finds({ phone: '5550109999' }, order)).toBe(true);
  });
});

describe('an e-mail address', () => {
  it.each([
    ['info@müller-shop.example', 'info@muller-shop.example'],
    ['info@muller-shop.example', 'info@müller-shop.example'],
    ['b&b@example.test', ' B&B@example.test'],
  ])('%s is found by %s', (email, sought) => {
    expect(finds({ email: sought }, { email })).toBe(true);
  });

  it('a similar e-mail address belongs to another person', () => {
    const [umlaut, plain] = ['info@müller.example', 'info@muller.example'].map((email) => blindIndex(master, { email })[0]);
    expect(umlaut).not.toBe(plain);
  });
});

describe('a phone number', () => {
  it.each([
    ['+44 20 7946 0000', '020 7946 0000'],
    ['020 7946 0000', '+44 20 7946 0000'],
    ['020 7946 0000', '0044 20 7946 0000'],
    ['020 7946 0000', '+44 (0)20 7946 0000'],
    ['+44 (0)20 7946 0000', '(020) 79460000'],
    ['79460000', '+44 20 7946 0000'],
    ['22 33 44 55', '+47 22334455'],
    ['22 33 44 55', '4722334455'],
    ['+47 22 33 44 55', '22334455'],
    ['412-555-0100', '+1 (412) 555-0100'],
    ['+1 412-555-0100 ext. 12345', '4125550100'],
    ['+1 412-555-0100', '412.555.0100 x12'],
    ['+1 412-555-0100 ext. 12345', '12345'],
    ['+372 5123 4567', '5123 4567'],
    ['5123 4567', '+372 51234567'],
    ['+49 151 123456789012', '0151123456789012'],
    ['+44 20 7946 0000', '0000'],
    ['112', '112'],
    ['5550100', '+1 412-555-0100 ext. 12345'],
    ['٠٢٠ ٧٩٤٦ ٠٠٠٠', '02079460000'],
  ])('%s is found by %s', (phone, sought) => {
    expect(finds({ phone: sought }, { phone })).toBe(true);
  });

  it.each([
    ['+44 20 7946 0000', '020 7946 0001'],
    ['+44 20 7946 0000', '020 7947 0000'],
    ['112', '9112'],
    ['22 33 44 55', '+47 22334456'],
    ['-', '4444'],
  ])('%s is not found by %s', (phone, sought) => {
    expect(finds({ phone: sought }, { phone })).toBe(false);
  });
});
