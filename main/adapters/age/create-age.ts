import type { Age } from '../../core/ports/age.ts';
import * as engine from './age-engine.ts';
import { fingerprintWords } from './fingerprint.ts';
import { startAgeThread, type AgeThread } from './age-thread.ts';

/** So many bodies are sealed or opened on the calling thread first: most commands have no more, and a thread takes longer to start. */
const WITHOUT_THREAD = 8;

export interface AgeOptions {
  /** Bodies before a thread is started; {@link WITHOUT_THREAD} unless given. */
  readonly withoutThread?: number;
  /** The thread's script; beside this module unless given. */
  readonly script?: URL;
}

/** `age` by its author's TypeScript package. */
export function createAge(options: AgeOptions = {}): Age {
  const { newKey, recipientOf, sealStream, openStream } = engine;
  let left = options.withoutThread ?? WITHOUT_THREAD;
  let running: AgeThread | null = null;
  /** Null as long as the calling thread does it. */
  const thread = (): AgeThread | null => {
    if (left > 0) {
      left--;
      return null;
    }
    running ??= startAgeThread(options.script ?? besideThis());
    return running;
  };
  return {
    newKey,
    recipientOf,
    words: async (recipient) => fingerprintWords(recipient),
    sealStream,
    openStream,
    seal: async (plain, to, label) => {
      const other = thread();
      if (other === null) return await engine.seal(plain, to, label);
      const reply = await other.ask({ plain, to, label: label ?? null });
      if (!('sealed' in reply)) throw new Error('the thread that seals gave another answer');
      return reply.sealed;
    },
    open: async (sealed, secrets) => {
      const other = thread();
      if (other === null) return await engine.open(sealed, secrets);
      const reply = await other.ask({ sealed, secrets });
      if (!('opened' in reply)) throw new Error('the thread that opens gave another answer');
      return reply.opened;
    },
    close: async () => {
      const last = running;
      running = null;
      await last?.close();
    },
  };
}

/** The worker lies beside this module, as source and in the bundle. */
function besideThis(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './age-worker.ts' : './age-worker.js', import.meta.url);
}
