import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { readPackRefs } from './read-refs.ts';
import type { TeamTexts } from './team-texts.ts';

/** The parts of a shard head about packs. */
export interface SeenHead {
  readonly machine: MachineUuid;
  readonly host: string;
  readonly generation: string;
  /** Hostile, not parsed yet. */
  readonly texts?: unknown;
}

/** Fetches one machine's head; null when absent. */
export type FetchHead = (
  machine: MachineUuid,
  options: Pick<RunOptions, 'signal'>,
) => Answer<SeenHead | null>;

const HEADS_AT_ONCE = 8;

/**
 * Records which packs the indexed heads name. Those the index pull just read are available; others are fetched once: an older program may
 * have pulled them.
 */
export async function noteHeads(
  deps: Pick<SyncDeps, 'index' | 'self'> & { readonly fetchHead: FetchHead },
  team: TeamTexts,
  options: Pick<RunOptions, 'signal'> & { readonly heads?: readonly SeenHead[] },
): Answer<void> {
  const known = await deps.index.knownShards();
  if (!known.ok) return known;
  const seen = new Map((options.heads ?? []).map((head) => [head.machine, head]));
  const others = known.value.filter(({ machine }) => machine !== deps.self.uuid);
  const unknown = others.filter(
    ({ machine, generation }) => !seen.has(machine) && team.get(machine)?.generation !== generation,
  );
  let stop: AppError | null = null;
  await runLimited(unknown, HEADS_AT_ONCE, options.signal, async ({ machine }) => {
    const head = await deps.fetchHead(machine, options);
    if (head.ok && head.value !== null) seen.set(machine, head.value);
    // The index pull has reported an unusable head already.
    if (!head.ok && head.error.code !== 'corrupt') stop ??= head.error;
    return stop === null;
  });
  if (stop !== null) return err(stop);
  for (const head of seen.values()) note(team, head);
  return ok(undefined);
}

function note(team: TeamTexts, { machine, host, generation, texts }: SeenHead): void {
  const before = team.get(machine);
  if (before?.generation === generation) return;
  team.set(machine, {
    host,
    generation,
    packs: readPackRefs(texts),
    held: before?.held ?? new Set(),
    refused: new Map(),
  });
}
