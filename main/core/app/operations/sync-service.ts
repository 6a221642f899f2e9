import { appError } from '../../../../shared/app-error.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { SyncService } from '../app-service.ts';
import { answerAttention, type AnswerParts } from '../attention/answer-attention.ts';
import type { Pauses } from '../schedule/pauses.ts';
import type { Operations } from './operations.ts';
import { KEPT_OPERATIONS } from './operations-file.ts';
import type { PresentStatus } from '../status/present-status.ts';
import type { StartedRun } from './sync-runs.ts';

export interface SyncServiceParts extends AnswerParts {
  readonly operations: Operations;
  readonly pauses: Pauses;
  readonly status: PresentStatus;
}

/** What a person asks for. */
export function createSyncService(parts: SyncServiceParts): SyncService {
  const { runs, operations, pauses, status } = parts;
  const started = (run: StartedRun): ReturnType<SyncService['push']> =>
    Promise.resolve(ok({ operation: run.id }));
  return {
    push: () => started(runs.push('person')),
    index: () => started(runs.index('person')),
    full: () => started(runs.full('person')),
    git({ workspace, all }) {
      const { workspaces, vault } = parts.settings.now.git;
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
    async pause(request) {
      await pauses.pause(request.for);
      return ok(status.get());
    },
    async resume() {
      await pauses.resume();
      return ok(status.get());
    },
    answer: (input) => answerAttention(parts, input),
  };
}

function noTrees(): ReturnType<typeof appError> {
  return appError(
    'not-configured',
    'No workspace is registered for git sync.',
    'Add one in Settings, Workspaces.',
  );
}

function notRegistered(workspace: string): ReturnType<typeof appError> {
  return appError(
    'not-found',
    `${workspace} is not a registered workspace.`,
    'Add it in Settings, Workspaces.',
  );
}
