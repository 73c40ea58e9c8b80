import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from '../unavailable.js';

export const kafkaVersion = '4.3.0';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>orderloom</groupId><artifactId>dev-kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** The folder with Kafka's jars, in the user's cache or else in `dir`. Maven downloads them once. Throws `Unavailable`. */
export async function kafkaJars(dir: string): Promise<string> {
  const folder = join(cacheFolder(dir), `kafka-${kafkaVersion}`);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, 'pom.xml'), pom);
  try {
    const args = ['-q', '-B', '-f', join(part, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${part}`];
    await promisify(execFile)('mvn', args, { maxBuffer: 1 << 26 });
    if (!readdirSync(part).some((name) => name.startsWith('kafka_'))) throw new Error('Maven copied no jar of Kafka');
    publish(part, folder);
  } catch (error) {
    throw new Unavailable(describeFailure(error as Error), 'its jars are missing and Maven could not download them');
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/** Makes the folder visible atomically; another process may have been faster. */
function publish(part: string, folder: string): void {
  try {
    renameSync(part, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function describeFailure(error: Error & { readonly code?: string; readonly stdout?: string }): string {
  if (error.code === 'ENOENT')
    return 'Maven downloads Kafka at the first start, but mvn was not found: install Maven, or set KAFKA_BROKERS.';
  const errorLine = error.stdout?.split('\n').find((line) => line.includes('ERROR'));
  return `Maven could not download Kafka (${errorLine ?? error.message}): check its access to a repository, or set KAFKA_BROKERS.`;
}

function cacheFolder(dir: string): string {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'orderloom');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return cache;
  } catch {
    return dir;
  }
}
