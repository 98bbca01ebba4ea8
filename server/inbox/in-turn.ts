/**
 * Does what concerns one mailbox one after the other, here already: the database would hold them up too, but each
 * with a connection in its hands, and others wait for those.
 */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key);
    const mine = before ? before.then(work, work) : work();
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

export type InTurn = ReturnType<typeof createTurns>;
