import { readdirSync, readFileSync } from 'node:fs';
import { ownerOfFlow } from './flow-owners.js';

const charts = readdirSync('deploy/flows')
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(`deploy/flows/${name}`, 'utf8')) as { flow: string; service: string });

it.each(charts)('$flow belongs to $service', ({ flow, service }) => {
  expect(ownerOfFlow(`${flow}-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e`)).toBe(service);
});

it('an unknown flow has no owner', () => expect(ownerOfFlow('cancel-everything-1')).toBeUndefined());
