import { appError } from '../../../../shared/app-error.ts';
import { visibleLine } from '../../../../shared/format/visible-text.ts';
import type { AdmissionRequest } from '../../../../shared/ipc/sealing.ts';
import type { Logger } from '../../ports/logger.ts';
import { lookForRequests, type RequestsLook } from '../../workflows/team-machines.ts';
import type { AttentionList, Concern } from '../attention/attention-list.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';

export interface JoinRequestsParts {
  readonly present: PresentCore;
  readonly attention: Pick<AttentionList, 'replace'>;
  readonly bus: Bus;
  readonly logger: Pick<Logger, 'debug'>;
}

/** Reports join requests to a sealed store's member. */
export interface JoinRequests {
  /** Checks now, after an admission. */
  look(): Promise<void>;
}

/** Checks after each index pull, which is when this machine learns of the others. */
export function createJoinRequests({ present, attention, bus, logger }: JoinRequestsParts): JoinRequests {
  let last: RequestsLook | null = null;
  async function look(): Promise<void> {
    // While a request is open, check whether it was admitted elsewhere.
    const before = last === null || last.requests.length > 0 ? null : last.seen;
    const found = await present.use((core) => lookForRequests(core, before));
    // The failed sync reports an unreachable store; open requests stay.
    if (!found.ok) return logger.debug('requests to join were not looked at', { code: found.error.code });
    last = found.value;
    attention.replace('join requests', found.value.requests.map(concernOf));
  }
  bus.on('operation.done', async ({ kind, outcome }) => {
    if ((kind === 'index' || kind === 'full') && outcome === 'done') await look();
  });
  bus.on('core.opened', () => {
    last = null;
    attention.replace('join requests', []);
  });
  return { look };
}

function concernOf({ machine, name, at, words, nameIsTaken }: AdmissionRequest): Concern {
  const request: AdmissionRequest = { machine, name, at, words, nameIsTaken };
  return {
    kind: 'join-request',
    // Also what the tray's menu shows.
    subject: `${visibleLine(name)} (${machine.slice(0, 8)})`,
    error: appError(
      'attention',
      `${visibleLine(name)} asks to read everything in the store. Its words: ${words.join(' ')}.`,
      'Compare them with the person there, then let it in: `session-log machines admit`.',
      { details: { request } },
    ),
    answers: ['not-now'],
  };
}
