import { openTestStore, openWriter } from './postgres.fixture.js';
import { describeStore } from '../store/contract/store.contract.js';
import type { MakeStore } from '../store/contract/contract-support.js';

let databases = 0;

const makeStore: MakeStore = async (options) => {
  const store = await openTestStore(`contract${(databases += 1)}`, options);
  return { store, setNow: (at) => store.setNow(at), openWriter: () => openWriter(store) };
};

describeStore('Postgres', makeStore);
