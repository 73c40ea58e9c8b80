import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenKeys } from '@orderloom/dev-services';
import { z } from 'zod';
import { tokenRules } from '../auth/config-auth.js';
import { kafkaConnection } from './config-kafka.js';
import { baseConfig, readConfig, WrongConfiguration } from './config.js';

const { jwks } = await TokenKeys.make();
const given = {
  DATABASE_URL: 'postgres://orderloom:secret@127.0.0.1:5432/order',
  KAFKA_BROKERS: '127.0.0.1:9092, kafka-2:9093',
  AUTH_JWKS: JSON.stringify(jwks),
};
const read = (more: NodeJS.ProcessEnv = {}) => readConfig(baseConfig, { ...given, ...more });

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'orderloom-config-'))));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (text: string): string => {
  const path = join(dir, 'a-file');
  writeFileSync(path, text);
  return path;
};

describe('the configuration from the environment', () => {
  it('given variables are used, and defaults for the others', () => {
    expect(read({ PORT: '8080', UNRELATED: 'x' })).toEqual({
      DATABASE_URL: given.DATABASE_URL,
      KAFKA_BROKERS: ['127.0.0.1:9092', 'kafka-2:9093'],
      KAFKA_SSL: false,
      PORT: 8080,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      MAIN_STOREFRONT: 'main',
      AUTH_JWKS: jwks,
      AUTH_ISSUER: 'orderloom',
      AUTH_AUDIENCE: 'orderloom',
    });
  });

  it('an empty variable counts as missing', () => {
    expect(read({ PORT: '', HOST: ' ' })).toMatchObject({ PORT: 0, HOST: '127.0.0.1' });
  });

  it('the error names every missing variable with its rule', () => {
    expect(() => readConfig(baseConfig, {})).toThrow(
      new WrongConfiguration(
        'DATABASE_URL is missing: it must be a Postgres address (postgres://user@host:port/database).\n' +
          'KAFKA_BROKERS is missing: set one of KAFKA_BROKERS (Kafka) and LOG_URL (the log embedded in Postgres).',
      ),
    );
  });

  it('Kafka or the embedded log can be configured, not both', () => {
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
    ['KAFKA_SSL', 'yes', 'KAFKA_SSL must be true or false.'],
    ['KAFKA_SASL_MECHANISM', 'gssapi', 'KAFKA_SASL_MECHANISM must be one of plain, scram-sha-256, scram-sha-512.'],
  ])('the error of a wrong %s (%s) states the rule and not the value', (name, value, sentence) => {
    expect(() => read({ [name]: value })).toThrow(new WrongConfiguration(sentence));
  });

  it('the variables of a service are read too', () => {
    const schema = baseConfig.extend({ PAYMENT_URL: z.url().describe('an address') });
    expect(readConfig(schema, { ...given, PAYMENT_URL: 'http://a' }).PAYMENT_URL).toBe('http://a');
    expect(() => readConfig(schema, given)).toThrow('PAYMENT_URL is missing: it must be an address.');
  });
});

describe('the keys of tokens', () => {
  const [key = {}] = jwks.keys;

  it('they may come from a file', () => {
    expect(tokenRules(read({ AUTH_JWKS: '', AUTH_JWKS_FILE: file(given.AUTH_JWKS) })).keys).toEqual(jwks);
  });

  it('they are required exactly once', () => {
    expect(() => read({ AUTH_JWKS: '' })).toThrow(/^AUTH_JWKS is missing: .*\(or AUTH_JWKS_FILE a file with one\)\.$/);
    expect(() => read({ AUTH_JWKS_FILE: file(given.AUTH_JWKS) })).toThrow(
      'AUTH_JWKS and AUTH_JWKS_FILE are both given: one of them must go.',
    );
  });

  it.each([
    ['no JSON', 'hunter2'],
    ['no key', { keys: [] }],
    ['a private key', { keys: [{ ...key, d: 'hunter2' }] }],
    ['a shared secret', { keys: [{ kty: 'oct', kid: '1', k: 'hunter2' }] }],
    ['a key without kid', { keys: [{ ...key, kid: undefined }] }],
    ['two keys of one kid', { keys: [key, key] }],
    ['a key that is none', { keys: [{ ...key, x: 'hunter2' }] }],
  ])('%s is refused as keys', (_, wrong) => {
    const text = typeof wrong === 'string' ? wrong : JSON.stringify(wrong);
    const sentence = 'must be a JSON Web Key Set: public keys, each with a kid of its own.';
    expect(() => read({ AUTH_JWKS: text })).toThrow(new WrongConfiguration(`AUTH_JWKS ${sentence}`));
    expect(() => read({ AUTH_JWKS: '', AUTH_JWKS_FILE: file(text) })).toThrow(
      new WrongConfiguration(`AUTH_JWKS_FILE ${sentence.replace('be', 'be a file with')}`),
    );
  });

  it('a missing file is refused', () => {
    expect(() => read({ AUTH_JWKS: '', AUTH_JWKS_FILE: join(dir, 'none') })).toThrow('AUTH_JWKS_FILE must be a file with');
  });
});

describe('the connection to Kafka', () => {
  const sasl = { KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_SASL_USERNAME: 'order', KAFKA_SASL_PASSWORD: 'hunter2' };

  it('it is unencrypted by default', () => {
    expect(kafkaConnection(read())).toEqual({ brokers: ['127.0.0.1:9092', 'kafka-2:9093'], ssl: false });
  });

  it('name and password are used, and the password may come from a file', () => {
    const expected = { ssl: {}, sasl: { mechanism: 'scram-sha-256', username: 'order', password: 'hunter2' } };
    expect(kafkaConnection(read({ KAFKA_SSL: 'true', ...sasl }))).toMatchObject(expected);
    const fromFile = { ...sasl, KAFKA_SASL_PASSWORD: '', KAFKA_SASL_PASSWORD_FILE: file('hunter2\n') };
    expect(kafkaConnection(read({ KAFKA_SSL: 'true', ...fromFile }))).toMatchObject(expected);
  });

  const needs = 'KAFKA_SASL_PASSWORD (or KAFKA_SASL_PASSWORD_FILE).';
  it.each([
    ['a name without a password', { ...sasl, KAFKA_SASL_PASSWORD: '' }, `KAFKA_SASL_USERNAME needs KAFKA_SASL_MECHANISM and ${needs}`],
    ['a mechanism without a name', { KAFKA_SASL_MECHANISM: 'plain' }, `KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and ${needs}`],
    ['a password without a name', { KAFKA_SASL_PASSWORD: 'hunter2' }, 'KAFKA_SASL_PASSWORD needs KAFKA_SASL_USERNAME.'],
    ['a name without a mechanism', { ...sasl, KAFKA_SASL_MECHANISM: '' }, `KAFKA_SASL_USERNAME needs KAFKA_SASL_MECHANISM and ${needs}`],
  ])('%s is refused', (_, more, sentence) => {
    expect(() => read(more)).toThrow(sentence);
    expect(() => read(more)).not.toThrow('hunter2');
  });

  it('half of a client certificate, or one without TLS, is refused', () => {
    const key = { KAFKA_SSL_KEY_FILE: file('-----BEGIN PRIVATE KEY-----') };
    expect(() => read({ KAFKA_SSL: 'true', ...key })).toThrow('KAFKA_SSL_KEY_FILE needs KAFKA_SSL=true and KAFKA_SSL_CERT_FILE.');
    expect(() => read({ KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: file('hunter2') })).toThrow(
      'KAFKA_SSL_CA_FILE must be a file with the PEM certificate of who signed the brokers.',
    );
  });
});
