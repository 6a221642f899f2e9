import * as v from 'valibot';
import { appError } from '../../../../shared/app-error.ts';
import { visibleLine } from '../../../../shared/format/visible-text.ts';
import { hashOf } from '../../../../shared/ipc/route.ts';
import { mapOk } from '../../../../shared/result.ts';
import { MIB, recallState, stateObject, writeState } from '../../files/state-file.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';
import { lookInTheClear, type MachineInTheClear } from '../../workflows/machines-in-the-clear.ts';
import type { AttentionList, Concern } from '../attention/attention-list.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';

export interface PlainWatchParts {
  readonly files: Files;
  /** `state/plain-machines.json`, absolute. Without it machines that began to store in the clear are reported once more. */
  readonly path: string;
  readonly present: PresentCore;
  readonly attention: Pick<AttentionList, 'replace'>;
  readonly bus: Bus;
  readonly logger: Pick<Logger, 'debug'>;
}

/** Reports machines that begin to store in the clear while the store is sealed. */
export interface PlainWatch {
  /** A person has seen it and leaves it so: it is not reported again before the machine was sealed in between. */
  leave(machine: string): Promise<void>;
}

/** Machines that are in the clear without being reported: those from before the store was sealed, and those a person left so. */
const FORMAT = {
  schema: stateObject({ store: v.string(), known: v.array(v.string()) }),
  maxBytes: MIB,
};
const SOURCE = 'machines in the clear';

/** Checks after each index pull, which is when this machine learns of the others. */
export function createPlainWatch(parts: PlainWatchParts): PlainWatch {
  const { files, path, present, attention, bus, logger } = parts;
  let seen: { readonly store: string; readonly plain: readonly MachineInTheClear[] } | null = null;

  async function look(): Promise<void> {
    const found = await present.use(async (core) =>
      mapOk(await lookInTheClear(core), (machines) => ({
        store: `${core.sync.store.url} ${core.sync.layout.tenant}`,
        plain: machines?.filter(({ storesPlain }) => storesPlain) ?? null,
      })),
    );
    // The failed sync reports an unreachable store; what was reported stays.
    if (!found.ok) return logger.debug('nobody looked who stores in the clear', { code: found.error.code });
    const { store, plain } = found.value;
    seen = plain === null ? null : { store, plain };
    await report([]);
  }

  /** @param left machines that a person leaves as they are */
  async function report(left: readonly string[]): Promise<void> {
    if (seen === null) return attention.replace(SOURCE, []);
    const { store, plain } = seen;
    const before = await recallState(files, path, FORMAT);
    // Whoever never sealed began before this machine looked for the first time.
    const first = plain.flatMap(({ machine, hasMoved }) => (hasMoved ? [] : [machine]));
    const known = new Set<string>([...(before?.store === store ? before.known : first), ...left]);
    const still = plain.flatMap(({ machine }) => (known.has(machine) ? [machine] : []));
    if (before?.store !== store || before.known.join() !== still.join())
      await writeState(files, path, { schema: 1, store, known: still });
    attention.replace(SOURCE, plain.filter(({ machine }) => !known.has(machine)).map(concernOf));
  }

  bus.on('operation.done', async ({ kind, outcome }) => {
    if ((kind === 'index' || kind === 'full') && outcome === 'done') await look();
  });
  bus.on('core.opened', () => {
    seen = null;
    attention.replace(SOURCE, []);
  });
  return { leave: (machine) => report([machine]) };
}

function concernOf({ machine, host }: MachineInTheClear): Concern {
  const name = visibleLine(host);
  return {
    kind: 'stores-plain',
    subject: `${name} (${machine.slice(0, 8)})`,
    error: appError(
      'attention',
      `${name} has begun to store its logs in the clear, although the store is sealed: whoever can read the bucket or folder can read them.`,
      'Ask whoever works there. “Who can read” in the settings of that machine seals its logs; an older Session Log has to be updated first.',
      { details: { machine } },
    ),
    answers: ['leave-plain'],
    route: hashOf({ view: 'settings', page: 'readers' }),
  };
}
