import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import type { Invitation } from '../../../shared/domain/invitation.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { LocalContext } from '../../compose/open-local.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';
import type { Asker } from '../ask.ts';
import type { CliContext } from '../cli-context.ts';

/** The options of `session-log setup`. */
export interface SetupOptions {
  /** The output of a colleague's `session-log invite`. */
  readonly invitation?: Invitation;
  readonly store?: string;
  readonly tenant?: string;
  readonly name?: string;
  readonly user?: string;
  readonly email?: string;
  readonly agent?: readonly string[];
  readonly workspace?: readonly string[];
  readonly copyLogs?: readonly string[];
  /** Keep the agent sessions: true, false, or ask. */
  readonly capture?: boolean;
  readonly push: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What every step of a set-up works with. */
export interface SetupRun {
  readonly context: CliContext;
  readonly local: LocalContext;
  readonly store: SettingsStore;
  readonly options: SetupOptions;
  /** Null if nobody can be asked: only what options specify is then done. */
  readonly asker: Asker | null;
}

/** The result of one step. */
export interface StepDone {
  readonly step: 'store' | 'author' | 'agent' | 'workspaces' | 'sessions' | 'push';
  readonly action: 'changed' | 'unchanged' | 'skipped' | 'failed';
  /** For people, without a trailing line break. */
  readonly says: readonly string[];
  /** How to undo it; null if there is nothing to undo. */
  readonly undo: string | null;
  readonly error: AppError | null;
}

/** A step of a set-up: checks, asks for permission, acts. `cancelled` when the person stopped; any other failure is part of its result. */
export type SetupStep = (run: SetupRun) => Answer<StepDone>;

/** The current settings; an earlier step may have changed them. */
export function settingsNow({ store }: SetupRun): Result<Settings, AppError> {
  return store.get();
}

/** The result of a step, with defaults for rarely used parts. */
export function done(
  step: StepDone['step'],
  action: StepDone['action'],
  says: readonly string[],
  undo: string | null = null,
): Result<StepDone, AppError> {
  return ok({ step, action, says, undo, error: null });
}

/** A failed step; the others continue. */
export function failed(step: StepDone['step'], error: AppError): Result<StepDone, AppError> {
  if (error.code === 'cancelled') return err(error);
  return ok({ step, action: 'failed', says: [error.message, error.remedy], undo: null, error });
}

/** The end of a set-up when the person pressed Ctrl+C. */
export function stopped(): Result<never, AppError> {
  return fail(
    'cancelled',
    'Stopped. What was set up so far stays; run `session-log setup` again to continue.',
    '',
  );
}
