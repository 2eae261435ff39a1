// Node's fetch keeps connections open for 4 s after their last use, and a draining server gives their clients as long to come
// back. A test that is over does not come back.

interface Dispatcher {
  constructor: new () => Dispatcher;
  close(): Promise<void>;
}

const place = Symbol.for('undici.globalDispatcher.1'); // where Node keeps it, for undici's setGlobalDispatcher
const shared = globalThis as unknown as Record<symbol, Dispatcher | undefined>;

// Idle connections are closed at once, the others after their last answer.
export function closeIdleConnections(): void {
  const used = shared[place];
  if (!used) return;
  shared[place] = new used.constructor();
  used.close().catch(() => {});
}
