import { customerAnswered, forgotten, storefrontOrders } from '@orderloom/contracts';
import { aLine } from './entry.fixture.js';
import { GivenKeyRing } from './key-ring.fixture.js';
import { sealed } from './sealed-entry.js';

let keys: GivenKeyRing;
beforeAll(async () => {
  keys = await GivenKeyRing.open(process.env['TEST_DATABASE_URL'] ?? '', `sealed_entry_${process.pid}`);
});
afterAll(() => keys?.close());

const keptOf = async (answer: object, writtenAt = Date.now()) => {
  const data = { taskId: 'gather-evidence-1.2', answer };
  const entry = aLine({ topic: storefrontOrders, type: customerAnswered.type, data });
  return (await sealed({ entry, data }, keys.sealing, writtenAt)).entry.data;
};

describe('an answer of a customer as the console stores it (I12)', () => {
  it("the customer's words are sealed by the type of the answer", async () => {
    const kept = await keptOf({ type: 'EvidenceGiven', items: ['a photo of Ada'] });
    expect(JSON.stringify(kept)).not.toContain('Ada');
    expect(await keys.sealing.unseal(kept)).toMatchObject({ answer: { type: 'EvidenceGiven', items: ['a photo of Ada'] } });
  });

  it('an answer written before the customer was forgotten stays unreadable when it is read again', async () => {
    const ada = { id: 'ada', email: 'ada@example.test' };
    await keys.ring.keyFor(aLine({}).orderNumber, ada);
    await keys.ring.forget(ada.id);
    const kept = await keptOf({ type: 'EvidenceGiven', items: ['a photo of Ada'] }, Date.now() - 60_000);
    expect(await keys.sealing.unseal(kept)).toMatchObject({ answer: { type: 'EvidenceGiven', items: [forgotten] } });
  });

  it('fields of an unknown or invalid answer are dropped', async () => {
    expect(await keptOf({ type: 'Shouted', words: 'I am Ada' })).toMatchObject({ answer: { type: 'Shouted' } });
    for (const answer of [
      { type: 'Shouted', words: 'I am Ada' },
      { type: 'OfferAccepted', words: 'I am Ada' },
      { type: 'EvidenceGiven', items: 'Ada' },
    ])
      expect(JSON.stringify(await keptOf(answer))).not.toContain('Ada');
  });
});
