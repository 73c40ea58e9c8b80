import { settingsFrom } from './settings.js';

describe('settings', () => {
  it('without an environment are everybody, a week a minute, no feed', () => {
    expect(settingsFrom({})).toMatchObject({ log: ['127.0.0.1:9092'], hourMs: 357, feed: undefined });
    expect(settingsFrom({}).roles).toHaveLength(10);
  });

  it('take the log in Postgres where it is named', () => {
    expect(settingsFrom({ LOG_URL: 'postgres://127.0.0.1/orderloom_log', KAFKA_BROKERS: '' }).log).toBe(
      'postgres://127.0.0.1/orderloom_log',
    );
  });

  it('name some of the partners', () => {
    expect(settingsFrom({ PARTNERS_ROLES: 'finance, payments' }).roles).toEqual(['finance', 'payments']);
  });

  it.each([
    [{ PARTNERS_ROLES: 'finance,pirate' }, 'pirate'],
    [{ PARTNERS_HOUR_MS: 'fast' }, 'PARTNERS_HOUR_MS'],
    [{ PARTNERS_HOUR_MS: '-1' }, 'PARTNERS_HOUR_MS'],
  ])('%j are refused', (env, name) => {
    expect(() => settingsFrom(env)).toThrow(name);
  });
});
