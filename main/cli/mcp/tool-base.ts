import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { sweepTexts } from '../../core/search/sweep.ts';
import { refreshLocal } from '../../core/workflows/refresh-local.ts';
import type { SelectOptions } from '../parse-options.ts';

/** What the tools work with; open for the agent's session. */
export interface ToolBase {
  readonly core: Core;
  /** The agent's working folder. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fresh: Freshness;
}

/** Runs one tool: returns what the agent reads, or why not. */
export type RunTool<Args> = (base: ToolBase, args: Args, signal: AbortSignal) => Answer<string>;

/** Milliseconds: how long the index counts as fresh; how long the first answer, and later ones, wait for an update. */
const [FRESH_MS, FIRST_WAIT_MS, WAIT_MS] = [2_000, 1_500, 50];

/** Indexes changes on this disk while the agent gets its answer: an answer waits for it only briefly, except the first one. */
export class Freshness {
  readonly #core: Core;
  readonly #signal: AbortSignal;
  #running: Answer<number> | null = null;
  #last: { readonly at: number; readonly result: Result<number, AppError> } | null = null;

  /** @param signal ends the session */
  constructor(core: Core, signal: AbortSignal) {
    this.#core = core;
    this.#signal = signal;
  }

  /** @returns number of logs on this disk not yet indexed, as far as known; a failure when the local index cannot be updated */
  async upToDate(): Answer<number> {
    const { clock } = this.#core.sync;
    if (this.#last?.result.ok && clock.now() - this.#last.at < FRESH_MS) return this.#last.result;
    this.#running ??= this.#read();
    // The work continues when nobody waits any more; the next answer includes it.
    const late = clock.sleep(this.#last === null ? FIRST_WAIT_MS : WAIT_MS, this.#signal).then(() => null);
    const done = await Promise.race([this.#running, late]);
    return done ?? this.#last?.result ?? ok(0);
  }

  async #read(): Answer<number> {
    const local = await refreshLocal(this.#core.sync);
    const swept = local.ok ? await sweepTexts(this.#core.search, { signal: this.#signal }) : local;
    const result = swept.ok ? ok('waiting' in swept.value ? swept.value.waiting : 0) : err(swept.error);
    this.#last = { at: this.#core.sync.clock.now(), result };
    this.#running = null;
    return result;
  }
}

/** Arguments shared by several tools. */
export interface WhereArgs {
  readonly project?: string | undefined;
  readonly user?: string | undefined;
  readonly machine?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The same as the options of `list`. */
export function selectionOf({ project, user, machine, from, to }: WhereArgs): SelectOptions {
  return {
    ...(project === undefined ? {} : { project: [project] }),
    ...(user === undefined ? {} : { user: [user] }),
    ...(machine === undefined ? {} : { machine: [machine] }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
