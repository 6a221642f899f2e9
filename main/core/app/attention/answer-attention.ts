import { appError, type AppError, type Answer } from '../../../../shared/app-error.ts';
import { parseMachineUuid } from '../../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../../shared/domain/log-path.ts';
import type { Started } from '../../../../shared/ipc/payloads.ts';
import type { AttentionItem } from '../../../../shared/ipc/status.ts';
import { err, mapOk, ok, type Result } from '../../../../shared/result.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import { alwaysCommit, commitHeld, withholdHeld, type SecretAnswerParts } from './answer-secrets.ts';
import type { AttentionList } from './attention-list.ts';
import type { IdentityService } from '../app-service.ts';
import type { TakenSettings } from '../settings/take-settings.ts';
import type { StartedRun, SyncRuns } from '../operations/sync-runs.ts';

export interface AnswerParts extends SecretAnswerParts {
  readonly attention: AttentionList;
  readonly runs: SyncRuns;
  readonly identity: IdentityService;
  /** Machines that store in the clear. */
  readonly plain: { leave(machine: string): Promise<void> };
  /** For a core that could not open. */
  readonly taken: Pick<TakenSettings, 'reopen'>;
}

/**
 * Carries out a person's answer to an item.
 * @returns the started operation; null when done already. `usage` when the item does not offer the answer
 */
export async function answerAttention(
  parts: AnswerParts,
  { item: id, answer }: ParsedInput<'attention.answer'>,
): Answer<Started | null> {
  const item = parts.attention.find(id);
  if (item === null) return err(gone());
  if (!item.answers.includes(answer)) return err(notOffered(item, answer));
  switch (answer) {
    case 'withhold-secrets':
      return started(await withholdHeld(parts, item));
    case 'commit-secrets':
      return ok({ operation: commitHeld(parts, item).id });
    case 'always-commit-secrets':
      return started(await alwaysCommit(parts, item));
    case 'leave-plain': {
      const machine = item.error.details?.['machine'];
      if (typeof machine === 'string') await parts.plain.leave(machine);
      return ok(null);
    }
    case 'leave-secrets':
    case 'not-now':
    case 'dismiss':
      parts.attention.dismiss(id);
      return ok(null);
    case 'take-remote':
    case 'push-as-is':
      return startForLog(parts, item, answer);
    case 'restore-all':
    case 'forget-lost':
      return startForAll(parts, item, answer);
    case 'split-machine':
      return settle(parts, item, await parts.identity.split({ as: 'machine' }));
    case 'own-account':
      return settle(parts, item, await parts.identity.split({ as: 'account' }));
    case 'go-on-as':
      return goOnAs(parts, item);
    case 'accept-hostname':
      return settle(parts, item, await parts.identity.acceptHostname());
    case 'start-fresh':
      return settle(parts, item, await parts.identity.split({ as: 'machine' }));
    case 'retry':
      return retry(parts, item);
  }
}

function started(run: Result<StartedRun, AppError>): Result<Started, AppError> {
  return mapOk(run, ({ id }) => ({ operation: id }));
}

async function startForLog(
  { attention, runs }: AnswerParts,
  item: AttentionItem,
  answer: 'take-remote' | 'push-as-is',
): Answer<Started> {
  const path = parseLogPath(item.subject);
  if (!path.ok) return path;
  const run =
    answer === 'take-remote'
      ? runs.restore(path.value, 'person')
      : runs.push('person', new Set([path.value]));
  void clearWhenDone(attention, item, run);
  return ok({ operation: run.id });
}

function startForAll(
  { attention, runs }: AnswerParts,
  item: AttentionItem,
  answer: 'restore-all' | 'forget-lost',
): Result<Started, AppError> {
  const run = answer === 'restore-all' ? runs.restoreAll('person') : runs.pushDeleted('person');
  void clearWhenDone(attention, item, run);
  return ok({ operation: run.id });
}

/** A forced push reports anew by itself; a restore reports nothing more. */
async function clearWhenDone(attention: AttentionList, item: AttentionItem, run: StartedRun): Promise<void> {
  const { outcome } = await run.ended;
  if (outcome === 'done') attention.clear(item.id);
}

function settle(
  { attention, runs }: AnswerParts,
  item: AttentionItem,
  changed: Result<unknown, AppError>,
): Result<Started | null, AppError> {
  if (!changed.ok) return changed;
  attention.clear(item.id);
  return ok({ operation: runs.push('person').id });
}

/** Both data folders are this person's: the partition continues here. */
async function goOnAs(parts: AnswerParts, item: AttentionItem): Answer<Started | null> {
  const machine = parseMachineUuid(String(item.error.details?.['machine']));
  return machine.ok ? settle(parts, item, await parts.identity.adopt({ machine: machine.value })) : machine;
}

async function retry(parts: AnswerParts, item: AttentionItem): Answer<Started | null> {
  if (item.kind === 'settings' || item.kind === 'identity') {
    const opened = await parts.taken.reopen();
    return opened.ok ? ok(null) : opened;
  }
  if (item.kind === 'git-conflict' || item.kind === 'git-state')
    return ok({ operation: parts.runs.git({ trees: [item.subject], all: false }, 'person').id });
  // Only a full sync checks damaged or unlisted objects; otherwise a push is the cheapest proof.
  const run = item.kind === 'corrupt' ? parts.runs.full('person') : parts.runs.push('person');
  return ok({ operation: run.id });
}

function gone(): AppError {
  return appError('usage', 'This was settled in the meantime.', 'Nothing needs to be done.');
}

function notOffered(item: AttentionItem, answer: string): AppError {
  return appError('usage', `“${answer}” is no answer to this.`, `Possible are: ${item.answers.join(', ')}.`, {
    details: { answers: item.answers },
  });
}
