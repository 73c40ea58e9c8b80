/** Stops what the set-up has started. */
export default () => globalThis.stopDevServices?.();
