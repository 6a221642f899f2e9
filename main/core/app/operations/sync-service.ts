import { appError } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SyncService } from '../app-service.ts';
import { answerAttention, type AnswerParts } from '../attention/answer-attention.ts';
import type { AutoSync } from '../schedule/auto-sync.ts';
import type { Operations } from './operations.ts';
import { KEPT_OPERATIONS } from './operations-file.ts';
import type { StatusKeeper } from '../status/status-keeper.ts';
import type { StartedRun } from './sync-runs.ts';
import { nextMinuteOfDay } from '../schedule/wall-time.ts';

export interface SyncServiceParts extends AnswerParts {
  readonly operations: Operations;
  readonly auto: AutoSync;
  readonly status: StatusKeeper;
  readonly settings: () => Settings;
  readonly timeZone: () => string;
  readonly clock: Clock;
}

const HOUR_MS = 60 * 60 * 1_000;
/** "Until tomorrow" ends before anybody's working day begins. */
const MORNING = 6 * 60;

/** What a person asks for. */
export function createSyncService(parts: SyncServiceParts): SyncService {
  const { runs, operations, auto, status } = parts;
  const started = (run: StartedRun): ReturnType<SyncService['push']> =>
    Promise.resolve(ok({ operation: run.id }));
  const snapshot = (): ReturnType<SyncService['resume']> => {
    status.refresh();
    return Promise.resolve(ok(status.get()));
  };
  return {
    push: () => started(runs.push('person')),
    index: () => started(runs.index('person')),
    full: () => started(runs.full('person')),
    git({ workspace, all }) {
      const { workspaces, vault } = parts.settings().git;
      const trees = vault === '' ? workspaces : [...workspaces, vault];
      if (trees.length === 0) return Promise.resolve(err(noTrees()));
      if (workspace !== undefined && !trees.includes(workspace))
        return Promise.resolve(err(notRegistered(workspace)));
      return started(
        runs.git({ trees: workspace === undefined ? trees : [workspace], all: all ?? false }, 'person'),
      );
    },
    cancel: ({ operation }) => Promise.resolve(ok({ cancelling: operations.cancel(operation) })),
    operations: ({ limit }) => Promise.resolve(ok(operations.list(limit ?? KEPT_OPERATIONS))),
    pause(request) {
      const now = parts.clock.now();
      const until = {
        hour: now + HOUR_MS,
        tomorrow: nextMinuteOfDay(now, MORNING, parts.timeZone()),
        'until-resumed': null,
      }[request.for];
      auto.pause(until);
      return snapshot();
    },
    resume() {
      auto.resume();
      return snapshot();
    },
    answer: (input) => answerAttention(parts, input),
  };
}

function noTrees(): ReturnType<typeof appError> {
  return appError(
    'not-configured',
    'No work tree is registered for git sync.',
    'Add one in Settings, Workspaces.',
  );
}

function notRegistered(workspace: string): ReturnType<typeof appError> {
  return appError(
    'not-found',
    `${workspace} is not a registered work tree.`,
    'Add it in Settings, Workspaces.',
  );
}
