const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** Kafka's murmur2 hash (32 bits, signed), as in the Java client. */
export function murmur2(bytes: Uint8Array): number {
  const at = (i: number): number => bytes[i] ?? 0;
  const tail = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let i = 0; i < tail; i += 4) {
    let word = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    word = Math.imul(word, multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (bytes.length > tail) {
    hash ^= at(tail) | (at(tail + 1) << 8) | (at(tail + 2) << 16);
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** Partition of a key, from 0, in a topic with `partitions` partitions. Java and kafkajs producers choose the same one. */
export const partitionOf = (key: string, partitions: number): number => (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
