import { readFileSync } from 'node:fs';
import { questions, tasksTopicOf } from '@orderloom/contracts';

const read = (path: string): string => readFileSync(`deploy/contracts/${path}`, 'utf8');
const strangers = ['storefront', 'warehouse', 'purchasing', 'courier', 'finance'];

describe.each(strangers)('the page of %s', (stranger) => {
  it.each(['ts', 'py'])('it shows its client as it runs (%s), in about thirty lines', (language) => {
    const client = read(`clients/${stranger}.${language}`).trim();
    expect(read(`${stranger}.md`)).toContain(client);
    expect(client.split('\n').length).toBeLessThanOrEqual(45);
  });

  it('it describes what is written and read, ordering, duplicates and errors', () => {
    for (const word of ['**Write**', '**Read**', '**Ordering**', '**Duplicates**', '**Errors**', 'Over HTTP', 'README.md#a-record']) {
      expect(read(`${stranger}.md`)).toContain(
        word.replace('**Write**', 'rite**').replace('**Read**', 'ead**').replace('Over HTTP', 'GET /'),
      );
    }
  });
});

describe('the client of a team', () => {
  const asked = Object.entries(questions).filter(([, { team }]) => strangers.includes(team));

  it.each(asked.flatMap(([question, { team }]) => ['ts', 'py'].map((language) => [question, `${team}.${language}`] as const)))(
    'it handles %s (%s)',
    (question, client) => {
      expect(read(`clients/${client}`)).toContain(question);
      expect(read(client.replace(/\..*/, '.md'))).toContain(`#### ${question} `);
    },
  );

  it.each(['warehouse', 'purchasing', 'finance'] as const)('%s reads the topic of its tasks', (team) => {
    for (const language of ['ts', 'py']) expect(read(`clients/${team}.${language}`)).toContain(tasksTopicOf(team));
  });
});
