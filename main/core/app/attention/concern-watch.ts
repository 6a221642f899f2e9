import type { IdentityCard } from '../../../../shared/ipc/payloads.ts';
import { sameHost } from '../../author/author-file.ts';
import type { AppParts } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { AttentionList } from './attention-list.ts';
import {
  concernOfCore,
  concernOfHostname,
  concernOfSync,
  concernOfTree,
  concernsOfPush,
} from './concerns.ts';
import type { StoreEnd, TreeOutcome } from '../news.ts';

/** Adds concerns of core, settings and runs to the list, and removes settled ones. */
export interface ConcernWatch {
  /** The other install in a clone alarm; null while unknown. */
  readonly clone: IdentityCard['clone'];
}

export type ConcernWatchParts = Pick<AppParts, 'paths' | 'identityDeps'> & {
  readonly present: PresentCore;
  readonly attention: AttentionList;
  readonly bus: Bus;
};

/** Checks the current core and follows its changes. */
export function createConcernWatch(parts: ConcernWatchParts): ConcernWatch {
  const { attention, bus, paths } = parts;
  let clone: IdentityCard['clone'] = null;
  lookAtCore(parts);
  bus.on('core.opened', () => lookAtCore(parts));
  bus.on('settings.changed', () => lookAtCore(parts));
  bus.on('settings.broken', (error) =>
    attention.replace('core', [concernOfCore(error, paths.settings, paths.machineId)]),
  );
  bus.on('run.ended', (ended) => {
    followRun(attention, ended);
    if (ended.kind === 'push' || ended.kind === 'full') clone = cloneAfter(ended, clone);
  });
  bus.on('tree.synced', (outcome) => followTree(attention, outcome));
  return {
    get clone() {
      return clone;
    },
  };
}

/** Concerns of a freshly opened core, or of its absence. */
function lookAtCore({ present, attention, paths, identityDeps }: ConcernWatchParts): void {
  if (!present.now.ok)
    return attention.replace('core', [concernOfCore(present.now.error, paths.settings, paths.machineId)]);
  const { hostname: recorded } = present.now.value.identity.identity;
  const name = identityDeps.probe.hostname();
  const isSame = recorded === '' || sameHost(recorded, name);
  attention.replace('core', isSame ? [] : [concernOfHostname(recorded, name)]);
}

function followRun(attention: AttentionList, { kind, core, end, push }: StoreEnd): void {
  const { outcome, error } = end;
  if (outcome === 'cancelled' || outcome === 'deferred') return;
  const concern = outcome === 'failed' && error !== null ? concernOfSync(error, core.sync.store.url) : null;
  attention.replace(`store ${kind}`, concern === null ? [] : [concern]);
  // A full sync includes a push and an index pull, so it settles their concerns.
  if (kind === 'full' && concern === null)
    for (const part of ['push', 'index']) attention.replace(`store ${part}`, []);
  if (push !== null && outcome !== 'failed')
    attention.replace('logs', concernsOfPush(push, core.sync.self.uuid));
}

function cloneAfter({ end, core }: StoreEnd, before: IdentityCard['clone']): IdentityCard['clone'] {
  if (end.error?.code !== 'clone-alarm')
    return end.outcome === 'done' || end.outcome === 'partial' ? null : before;
  const host = end.error.details?.['otherHost'];
  return {
    host: typeof host === 'string' ? host : '',
    lastSeen: null,
    model: core.sync.self.identity.model,
    sameComputer: end.error.details?.['sameComputer'] === true,
  };
}

function followTree(attention: AttentionList, { path, mode, report }: TreeOutcome): void {
  const concerns =
    report.state === 'attention' && report.problem !== null ? [concernOfTree(path, report.problem)] : [];
  // A successful check for notes settles no sync that needs a person.
  attention.replace(`${mode} ${path}`, concerns);
  if (mode === 'logs' && concerns.length === 0) attention.replace(`notes ${path}`, []);
}
