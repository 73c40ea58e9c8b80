import { MemoryStore } from './memory-store.js';
import { describeStore } from '../store/contract/store.contract.js';
import type { MakeStore } from '../store/contract/contract-support.js';

const makeStore: MakeStore = async (options) => {
  const store = new MemoryStore(options);
  return { store, setNow: async (at) => store.setNow(at), openWriter: () => store.openWriter() };
};

describeStore('memory', makeStore);
