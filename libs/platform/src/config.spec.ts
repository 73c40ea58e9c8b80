import { z } from 'zod';
import { baseConfig, readConfig, WrongConfiguration } from './config.js';
import { developmentSecret } from './token.js';

const given = { DATABASE_URL: 'postgres://orderloom:secret@127.0.0.1:5432/order', KAFKA_BROKERS: '127.0.0.1:9092, kafka-2:9093' };

describe('reading the environment', () => {
  it('takes what is given and fills in the rest', () => {
    expect(readConfig(baseConfig, { ...given, PORT: '8080', AUTH_DEVELOPMENT: 'true', UNRELATED: 'x' })).toEqual({
      DATABASE_URL: given.DATABASE_URL,
      KAFKA_BROKERS: ['127.0.0.1:9092', 'kafka-2:9093'],
      PORT: 8080,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      AUTH_DEVELOPMENT: true,
      AUTH_DEVELOPMENT_SECRET: developmentSecret,
    });
  });

  it('takes an empty variable for a missing one', () => {
    expect(readConfig(baseConfig, { ...given, PORT: '', HOST: ' ' })).toMatchObject({ PORT: 0, HOST: '127.0.0.1' });
  });

  it('names every missing variable and its rule', () => {
    expect(() => readConfig(baseConfig, {})).toThrow(
      new WrongConfiguration(
        'DATABASE_URL is missing: it must be a Postgres address (postgres://user@host:port/database).\n' +
          'KAFKA_BROKERS is missing: set one of KAFKA_BROKERS (Kafka) and LOG_URL (the log embedded in Postgres).',
      ),
    );
  });

  it('takes Kafka or the embedded log, not both', () => {
    const LOG_URL = 'postgres://127.0.0.1/orderloom_log';
    expect(readConfig(baseConfig, { ...given, KAFKA_BROKERS: '', LOG_URL })).toMatchObject({ LOG_URL });
    expect(() => readConfig(baseConfig, { ...given, LOG_URL })).toThrow(
      new WrongConfiguration(
        'KAFKA_BROKERS and LOG_URL are both set: set one of KAFKA_BROKERS (Kafka) and LOG_URL (the log embedded in Postgres).',
      ),
    );
  });

  it.each([
    ['DATABASE_URL', 'mysql://a:hunter2@b/c', 'DATABASE_URL must be a Postgres address (postgres://user@host:port/database).'],
    ['KAFKA_BROKERS', 'kafka', 'KAFKA_BROKERS must be one or more addresses (host:port), separated by commas.'],
    ['PORT', '65536', 'PORT must be a port from 0 (any free one) to 65535.'],
    ['PORT', 'http', 'PORT must be a port from 0 (any free one) to 65535.'],
    ['HOST', 'http://a', 'HOST must be an address or host name to listen on.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.'],
    ['AUTH_DEVELOPMENT', 'yes', 'AUTH_DEVELOPMENT must be true or false.'],
    ['AUTH_DEVELOPMENT_SECRET', 'hunter2', 'AUTH_DEVELOPMENT_SECRET must be at least 32 characters.'],
  ])('says the rule of a wrong %s (%s), and not its value', (name, value, sentence) => {
    expect(() => readConfig(baseConfig, { ...given, [name]: value })).toThrow(new WrongConfiguration(sentence));
  });

  it('reads the variables of a service as well', () => {
    const schema = baseConfig.extend({ PAYMENT_URL: z.url().describe('an address') });
    expect(readConfig(schema, { ...given, PAYMENT_URL: 'http://a' }).PAYMENT_URL).toBe('http://a');
    expect(() => readConfig(schema, given)).toThrow('PAYMENT_URL is missing: it must be an address.');
  });
});
