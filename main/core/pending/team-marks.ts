import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { MarkOf } from '../../../shared/domain/marks.ts';
import { ok } from '../../../shared/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { LogIndex } from '../ports/log-index.ts';
import { readMarks } from './marks-file.ts';

/** Milliseconds by which another machine's clock may be ahead; marks of a later time are ignored. */
export const CLOCK_AHEAD_MS = 86_400_000;

export interface TeamMarksDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly index: Pick<LogIndex, 'marks' | 'page'>;
  readonly self: { readonly uuid: MachineUuid; readonly hostname: string };
  readonly paths: { readonly marks: string };
}

/**
 * Returns the valid marks of all machines: all of this one, and from another only those of people with logs from it. A mark is its
 * machine's claim, and anybody who may push could write any name into one.
 */
export async function teamMarks(deps: TeamMarksDeps): Answer<readonly MarkOf[]> {
  const own = await readMarks(deps);
  if (!own.ok) return own;
  const others = await deps.index.marks();
  if (!others.ok) return others;
  const { uuid, hostname } = deps.self;
  const counting: MarkOf[] = own.value.map((mark) => ({ ...mark, machine: uuid, host: hostname }));
  const seen = new Map<string, boolean>();
  const latest = deps.clock.now() + CLOCK_AHEAD_MS;
  for (const mark of others.value) {
    if (mark.machine === uuid || mark.at > latest) continue;
    const key = `${mark.machine} ${mark.reader}`;
    let counts = seen.get(key);
    if (counts === undefined) {
      const logs = await deps.index.page({ machines: [mark.machine], users: [mark.reader], limit: 1 });
      if (!logs.ok) return logs;
      counts = logs.value.total > 0;
      seen.set(key, counts);
    }
    if (counts) counting.push(mark);
  }
  return ok(counting);
}
