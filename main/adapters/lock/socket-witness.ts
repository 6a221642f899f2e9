import { createHash } from 'node:crypto';
import type * as Net from 'node:net';

/**
 * A second witness for "the owner lives": the owner listens on a socket named by its record. The kernel closes it
 * with the process, so a response proves life. Silence proves nothing (another network namespace is silent too).
 */
export interface Witness {
  /** Starts listening for this record. @returns a function that stops it. A failure to listen costs only the shortcut. */
  stand(record: string): Promise<() => void>;
  /** Whether somebody currently listens for this record. */
  answers(record: string): Promise<boolean>;
}

const ANSWER_MS = 500;

/**
 * @param address path of the socket for a 32-digit token: a named pipe on Windows, an abstract socket on Linux
 */
export function socketWitness(address: (token: string) => string): Witness {
  const pathOf = (record: string): string =>
    address(createHash('sha256').update(record).digest('hex').slice(0, 32));
  return {
    stand: async (record) => {
      const { createServer } = await net();
      return new Promise((resolve) => {
        const server = createServer((socket) => socket.destroy());
        server.once('error', () => resolve(() => undefined));
        server.listen(pathOf(record), () => resolve(() => server.close()));
        server.unref();
      });
    },
    answers: async (record) => {
      const { connect } = await net();
      return new Promise((resolve) => {
        const socket = connect(pathOf(record));
        const settle = (answer: boolean): void => {
          clearTimeout(timer);
          socket.destroy();
          resolve(answer);
        };
        const timer = setTimeout(() => settle(false), ANSWER_MS);
        socket.once('connect', () => settle(true));
        socket.on('error', () => settle(false));
      });
    },
  };
}

/** Only Windows has a witness; elsewhere sockets are not loaded. */
const net = async (): Promise<Pick<typeof Net, 'connect' | 'createServer'>> => import('node:net');
