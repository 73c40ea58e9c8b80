import { type MessageContract, messages, type Question, questions, topics, versionsOf } from '@orderloom/contracts';
import { z } from 'zod';
import { asyncApi } from './generate-asyncapi.js';
import { envelope, envelopeIntroduction } from './generate-envelope.js';
import { schemaPath } from './schema-path.js';

/** Contents of `deploy/contracts`: plain JSON by path below it. */
export type ContractFiles = ReadonlyMap<string, object>;

/** The published contracts: a JSON Schema (2020-12) per message, the envelope, the topics, the index of messages, the questions. */
export function contractFiles(newest: readonly MessageContract[] = messages): ContractFiles {
  const files = new Map<string, object>();
  const declared = newest.flatMap(versionsOf);
  for (const message of declared) {
    const path = schemaPath(message);
    const schema = messageSchema(message);
    // one file serves the same message on many topics, so it has to be the same
    if (files.has(path) && JSON.stringify(files.get(path)) !== JSON.stringify(schema)) {
      throw new Error(`${message.type} of ${message.topic} is not what the other topics of ${path} say`);
    }
    files.set(path, schema);
  }
  return files
    .set('envelope.schema.json', envelopeSchema())
    .set('topics.json', { partitioner: 'murmur2', topics })
    .set('asyncapi.json', asyncApi(declared, topics))
    .set('index.json', { messages: declared.map(indexEntry) })
    .set('questions.json', { questions: Object.entries(questions).map(([question, asked]) => questionEntry(question, asked)) });
}

function envelopeSchema(): object {
  const { $schema, ...schema } = schemaOf(envelope);
  return { $schema, title: 'Envelope', description: envelopeIntroduction, ...schema };
}

const indexEntry = (message: MessageContract) => ({
  topic: message.topic,
  type: message.type,
  version: message.version,
  rule: message.rule,
  says: message.description,
  schema: schemaPath(message),
});

function messageSchema({ type, version, rule, description, data, example }: MessageContract): object {
  const { $schema, ...schema } = schemaOf(data);
  return { $schema, title: type, description, 'x-version': version, 'x-rule': rule, ...schema, examples: [example] };
}

function questionEntry(question: string, { team, rule, description, about, answers }: Question): object {
  const answerSchemas = Object.entries(answers).map(([type, data]): [string, object] => [type, bare(data)]);
  return { question, team, rule, says: description, about: bare(about), answers: Object.fromEntries(answerSchemas) };
}

function bare(data: z.ZodType): object {
  const { $schema: _, ...schema } = schemaOf(data);
  return schema;
}

/** As a sender has to fill it in; open, so that a field added later breaks no reader. */
const schemaOf = (data: z.ZodType): z.core.JSONSchema.BaseSchema =>
  z.toJSONSchema(data, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (!('personal' in jsonSchema)) return;
      jsonSchema['x-personal'] = jsonSchema['personal'];
      delete jsonSchema['personal'];
    },
  });
