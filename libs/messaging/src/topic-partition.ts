import type { TopicPartition } from './log.js';

/** Key of a partition in maps: `topic/partition`. */
export const topicPartitionId = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Topic of a partition's key. */
export const topicOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));

/** Key of a record: `topic/partition/offset`. */
export const recordKey = ({ topic, partition, offset }: TopicPartition & { readonly offset: string | number }): string =>
  `${topic}/${partition}/${offset}`;
