/** One call of connect(2), whichever library made it. */
export interface Attempt {
  readonly address: string;
  readonly port: number;
}

type Connect = (request: object, address: string, port: number | (() => number)) => number;
const { TCP } = (
  process as unknown as { binding(name: string): { TCP: { prototype: Record<string, Connect> } } }
).binding("tcp_wrap");

const networkUnreachable = -101;
const isHere = (address: string) => address === "::1" || /^127\./.test(address);

/**
 * Writes down what this process connects to from now on, below every library, and lets nothing but this machine be
 * reached: a test that finds a way out finds no network behind it. A stand-in answers at its own port in place of another.
 */
export function watchConnections(standIns: Readonly<Record<number, number>> = {}) {
  const attempts: Attempt[] = [];
  const originals = { connect: TCP.prototype.connect, connect6: TCP.prototype.connect6 };
  for (const name of ["connect", "connect6"]) {
    const connect = TCP.prototype[name] as Connect;
    TCP.prototype[name] = function (this: object, request, address, port) {
      const wanted = typeof port === "function" ? port() : port;
      attempts.push({ address, port: wanted });
      if (!isHere(address)) return networkUnreachable;
      return connect.call(this, request, address, standIns[wanted] ?? wanted);
    };
  }
  return { attempts, stop: () => void Object.assign(TCP.prototype, originals) };
}
