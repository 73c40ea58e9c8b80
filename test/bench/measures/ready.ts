import { checkout, discard, started } from '../setup/installation.js';
import { type Figure, spread } from '../setup/rounds.js';
import type { Surroundings } from '../setup/surroundings.js';

const goals = { java: 12, embedded: 7 } as const;
const names = { java: 'Kafka', embedded: 'the embedded log' } as const;

/** P7: from `npm start`, built, until all services are ready; with new data, and with the data of an earlier start. The short form takes a start that another measure has made. */
export async function readiness({ rounds, share, starts }: Surroundings): Promise<Figure[]> {
  const quick = share < 1;
  const figures: Figure[] = [];
  for (const log of ['java', 'embedded'] as const) {
    const [first, again]: [number[], number[]] = [quick && log === 'java' ? [...starts] : [], []];
    for (let round = first.length; round < (quick ? 1 : rounds); round += 1) {
      const dir = checkout();
      try {
        for (const seconds of quick ? [first] : [first, again]) {
          const installation = await started(dir, { ORDERLOOM_LOG: log });
          seconds.push(installation.readySeconds);
          await installation.stop();
        }
      } finally {
        discard(dir);
      }
    }
    for (const [what, seconds] of [
      ['new data', first],
      ['its data', again],
    ] as const) {
      if (seconds.length === 0) continue;
      const ours = spread(seconds).median;
      figures.push({
        ...{ id: 'P7', what: `ready on ${names[log]}, ${what}`, unit: 's', ours },
        ...{ goal: `< ${goals[log]}`, met: ours < goals[log] },
      });
    }
  }
  return figures;
}
