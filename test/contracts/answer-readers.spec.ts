import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { answerReadersOf, answersTopicOf, paymentsNotices, storefrontOrders, teams, rejectingService } from '@orderloom/contracts';
import { questionsAskedBy, statesOf } from '@orderloom/flows';
import type { ServiceDefinition } from '@orderloom/platform';

const apps = readdirSync('apps').filter((app) => app !== 'console' && readdirSync(`apps/${app}/src`).includes(`${app}.module.ts`));
const definitions: ServiceDefinition[] = [];
for (const app of apps) {
  const file = (await import(resolve(`apps/${app}/src/${app}.module.ts`))) as Record<string, ServiceDefinition>;
  definitions.push(Object.values(file).find((exported) => Array.isArray(exported.controllers)) as ServiceDefinition);
}

describe('the answers of a team', () => {
  it.each(teams)('%s: they are read by exactly the services that the contracts name', (team) => {
    const topic = { customer: storefrontOrders, payments: paymentsNotices }[team as string] ?? answersTopicOf(team);
    const readers = definitions
      .filter(({ name, flows }) => {
        const asks = flows.some((flow) => statesOf(flow.machine).some((state) => questionsAskedBy(state).some((ask) => ask.team === team)));
        return asks || rejectingService(answersTopicOf(team)) === name;
      })
      .map(({ name }) => name);
    expect([...readers].sort()).toEqual([...answerReadersOf(topic)].sort());
  });
});
