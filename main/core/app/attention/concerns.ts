import { appError, type AppError } from '../../../../shared/app-error.ts';
import type { LogPath, MachineUuid } from '../../../../shared/domain/ids.ts';
import { heldSecretsOf } from '../../../../shared/domain/held-secrets.ts';
import { formatBytes } from '../../../../shared/format/amount.ts';
import { logId } from '../../../../shared/domain/ids.ts';
import { hashOf, type SettingsPage } from '../../../../shared/ipc/route.ts';
import type { AttentionAnswer, AttentionKind } from '../../../../shared/ipc/status.ts';
import { gitCause } from '../../ports/git.ts';
import { lostLogs } from '../../ledger/lost-logs.ts';
import type { PushReport } from '../../sync/push-tally.ts';
import type { Concern } from './attention-list.ts';

interface Shown {
  readonly kind: AttentionKind;
  readonly answers: readonly AttentionAnswer[];
  readonly page?: SettingsPage;
}

/** A second account of a computer is no fault: it is asked once who it wants to be. */
const SECOND_ACCOUNT: Shown = {
  kind: 'second-account',
  answers: ['own-account', 'go-on-as'],
  page: 'machine',
};

/** How to show sync failures that need a person; omitted codes are transient or no failures. */
const SHOWN: Readonly<Partial<Record<AppError['code'], Shown>>> = {
  'clone-alarm': { kind: 'clone-alarm', answers: ['split-machine', 'retry'], page: 'machine' },
  denied: { kind: 'denied', answers: ['retry', 'dismiss'], page: 'store' },
  corrupt: { kind: 'corrupt', answers: ['retry', 'dismiss'] },
  'disk-full': { kind: 'disk-full', answers: ['retry'] },
  'not-configured': { kind: 'not-configured', answers: ['retry', 'dismiss'], page: 'store' },
  'not-found': { kind: 'not-configured', answers: ['retry', 'dismiss'], page: 'store' },
  io: { kind: 'other', answers: ['retry', 'dismiss'] },
  bug: { kind: 'other', answers: ['retry', 'dismiss'] },
  'invalid-input': { kind: 'other', answers: ['retry', 'dismiss'] },
  attention: { kind: 'other', answers: ['retry', 'dismiss'] },
  'lock-lost': { kind: 'other', answers: ['retry', 'dismiss'] },
};

/**
 * Returns what a failed store sync asks of a person; null if transient.
 * @param subject what failed: the store's address
 */
export function concernOfSync(error: AppError, subject: string): Concern | null {
  const shown = error.details?.['sameComputer'] === true ? SECOND_ACCOUNT : SHOWN[error.code];
  if (!shown) return null;
  const { kind, answers, page } = shown;
  return { kind, subject, error, answers, ...(page ? { route: hashOf({ view: 'settings', page }) } : {}) };
}

/** Concerns for logs shorter here than in the store, files with names that cannot be pushed, and logs lost here. */
export function concernsOfPush(report: PushReport, machine: MachineUuid): readonly Concern[] {
  return [
    ...report.attention.map((path) => concernOfCutLog(path, report.shorter, machine)),
    ...report.refused.map(({ path, problem }): Concern => ({
      kind: 'other',
      subject: path,
      error: appError('invalid-input', `${path} cannot be pushed: ${problem}.`, 'Rename or move it.', {
        details: { path },
      }),
      answers: ['retry', 'dismiss'],
    })),
    ...(report.lost.length > 0 ? [concernOfLostLogs(report.lost.length)] : []),
  ];
}

function concernOfLostLogs(count: number): Concern {
  const { message, remedy } = lostLogs(count);
  return {
    kind: 'logs-lost',
    subject: 'session-logs',
    error: appError('attention', message, remedy, { details: { logs: count } }),
    answers: ['restore-all', 'forget-lost', 'dismiss'],
  };
}

function concernOfCutLog(path: LogPath, shorter: PushReport['shorter'], machine: MachineUuid): Concern {
  const sizes = shorter.find((one) => one.path === path);
  const [here, stored] =
    sizes === undefined ? ['', ''] : [` (${formatBytes(sizes.here)})`, ` (${formatBytes(sizes.stored)})`];
  return {
    kind: 'log-shrunk',
    subject: path,
    error: appError(
      'attention',
      `${path} is shorter here${here} than its backup${stored}: it was cut, or an old copy was put back.`,
      'Restore the backup, or replace it (the backup is kept under another name).',
      { details: { path } },
    ),
    answers: ['take-remote', 'push-as-is', 'dismiss'],
    route: hashOf({ view: 'logs', log: logId(machine, path) }),
  };
}

const SECRET_ANSWERS = [
  'withhold-secrets',
  'commit-secrets',
  'always-commit-secrets',
  'leave-secrets',
] as const;

/** What a work tree's git sync asks of a person. */
export function concernOfTree(tree: string, error: AppError): Concern {
  const held = heldSecretsOf(error);
  if (held !== null) {
    // Where the setting allows secrets already, it is no answer.
    const answers = SECRET_ANSWERS.filter((one) => held.open === null || one !== 'always-commit-secrets');
    return { kind: 'git-secrets', subject: tree, error, answers };
  }
  const conflict = gitCause(error) === 'conflict' || /conflict/i.test(error.message);
  return {
    kind: error.code === 'denied' ? 'denied' : conflict ? 'git-conflict' : 'git-state',
    subject: tree,
    error,
    answers: ['retry', 'dismiss'],
    route: hashOf({ view: 'settings', page: 'workspaces' }),
  };
}

/** Why there is no core. */
export function concernOfCore(error: AppError, settingsPath: string, identityPath: string): Concern {
  const named = error.details?.['path'];
  const path = typeof named === 'string' ? named : '';
  if (path === settingsPath || error.details?.['field'] !== undefined)
    return { kind: 'settings', subject: settingsPath, error, answers: ['retry'], route: '#/settings' };
  if (path === identityPath)
    return {
      kind: 'identity',
      subject: identityPath,
      error,
      answers: ['retry', 'start-fresh'],
      route: hashOf({ view: 'settings', page: 'machine' }),
    };
  const kind = error.code === 'disk-full' || error.code === 'denied' ? error.code : 'other';
  return { kind, subject: path === '' ? settingsPath : path, error, answers: ['retry'] };
}

/** The machine's name differs from its identity's. */
export function concernOfHostname(recorded: string, present: string): Concern {
  return {
    kind: 'hostname-changed',
    subject: present,
    error: appError(
      'attention',
      `This machine is now called ${present}; its identity says ${recorded}.`,
      'Use the new name if the machine was renamed. If its data folder was copied from another machine, give it an identity of its own.',
      { details: { recorded, present } },
    ),
    answers: ['accept-hostname', 'split-machine', 'dismiss'],
    route: hashOf({ view: 'settings', page: 'machine' }),
  };
}
