import { settingsFrom } from './settings.js';

describe('the settings of partners', () => {
  it('the defaults are all roles, a week per minute and no feed', () => {
    expect(settingsFrom({})).toMatchObject({ log: ['127.0.0.1:9092'], hourMs: 357, feed: undefined });
    expect(settingsFrom({}).roles).toHaveLength(10);
  });

  it('the log in Postgres is used if its URL is set', () => {
    expect(settingsFrom({ LOG_URL: 'postgres://127.0.0.1/orderloom_log', KAFKA_BROKERS: '' }).log).toBe(
      'postgres://127.0.0.1/orderloom_log',
    );
  });

  it('single roles can be selected', () => {
    expect(settingsFrom({ PARTNERS_ROLES: 'finance, payments' }).roles).toEqual(['finance', 'payments']);
  });

  it.each([
    [{ PARTNERS_ROLES: 'finance,pirate' }, 'pirate'],
    [{ PARTNERS_HOUR_MS: 'fast' }, 'PARTNERS_HOUR_MS'],
    [{ PARTNERS_HOUR_MS: '-1' }, 'PARTNERS_HOUR_MS'],
  ])('%j is refused', (env, name) => {
    expect(() => settingsFrom(env)).toThrow(name);
  });
});
