import kafkajs from 'kafkajs';

interface Place {
  readonly partition: number;
  readonly offset: string;
}

/** End offsets of topics at some time, and a way to reset a group without members to them. */
export class GroupOffsets {
  private constructor(
    private readonly kafka: kafkajs.Kafka,
    private readonly admin: kafkajs.Admin,
    private readonly ends: ReadonlyMap<string, readonly Place[]>,
  ) {}

  static async now(brokers: readonly string[]): Promise<GroupOffsets> {
    const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith('orderloom.'));
    const ends = topics.map(async (topic): Promise<[string, Place[]]> => {
      const places = await admin.fetchTopicOffsets(topic);
      return [topic, places.map(({ partition, high }) => ({ partition, offset: high }))];
    });
    return new GroupOffsets(kafka, admin, new Map(await Promise.all(ends)));
  }

  /** Topics that the group consumes or has consumed. */
  async topicsOf(group: string): Promise<string[]> {
    const known = await this.admin.fetchOffsets({ groupId: group, topics: [...this.ends.keys()] });
    return known.filter(({ partitions }) => partitions.some(({ offset }) => offset !== '-1')).map(({ topic }) => topic);
  }

  /** Resets the group's offsets for its `topics`, so that records are delivered again. */
  async rewind(group: string, topics: (topic: string) => boolean): Promise<void> {
    const chosen = (await this.topicsOf(group)).filter(topics);
    if (chosen.length === 0) return;
    await commitOffsets(
      this.kafka,
      group,
      chosen.flatMap((topic) => (this.ends.get(topic) ?? []).map((place) => ({ topic, ...place }))),
    );
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}

/** Sets the offsets of a group without members. */
export async function commitOffsets(kafka: kafkajs.Kafka, group: string, places: kafkajs.TopicPartitionOffset[]): Promise<void> {
  // Only a member may commit.
  const member = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 });
  await member.connect();
  await member.subscribe({ topics: [...new Set(places.map(({ topic }) => topic))] });
  const joined = new Promise((resolve) => member.on('consumer.group_join', resolve));
  await member.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
  await joined;
  await member.commitOffsets(places);
  await member.disconnect();
}
