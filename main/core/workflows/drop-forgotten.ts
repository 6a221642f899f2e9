import type { Answer } from '../../../shared/app-error.ts';
import { logId, type MachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import type { ForgetMark, ForgottenMark } from '../../../shared/domain/marks.ts';
import { ok } from '../../../shared/result.ts';
import { cachePath, sealCache, withOpenFolder } from '../logs/cache.ts';
import { addMarks, readMarks } from '../pending/marks-file.ts';
import type { StoreBase } from './store-base.ts';

/** A log another machine asked to forget. */
type Asked = ForgetMark & { readonly machine: MachineUuid };

/**
 * Deletes copies of logs that their machines have forgotten, with their search rows, and confirms it by a receipt in the next push: the end
 * of a run that pulled the index. A machine is trusted only about its own logs. Best effort: a failure here is retried by the next run, and
 * fails none.
 * @returns the number deleted
 */
export async function dropForgotten(base: StoreBase): Promise<number> {
  const asked = await notAnswered(base);
  const done: ForgottenMark[] = [];
  for (const mark of asked.ok ? asked.value : []) {
    const dropped = await drop(base, mark);
    if (dropped.ok) done.push(receiptFor(base, mark));
    else base.sync.logger.warn('a forgotten log could not be dropped', { code: dropped.error.code });
  }
  const { files, locks, clock } = base.sync;
  const paths = { marks: base.sync.paths.marks, notesLock: base.paths.notesLock };
  const kept = done.length === 0 ? ok(undefined) : await addMarks({ files, locks, clock, paths }, done);
  const problem = asked.ok ? (kept.ok ? null : kept.error) : asked.error;
  if (problem !== null) base.sync.logger.warn('forgotten logs were not all dropped', { code: problem.code });
  return done.length;
}

async function notAnswered({ sync }: StoreBase): Answer<readonly Asked[]> {
  const marks = await sync.index.marks();
  if (!marks.ok) return marks;
  const asked = marks.value.filter(
    (mark): mark is typeof mark & Asked => mark.kind === 'forget' && mark.machine !== sync.self.uuid,
  );
  if (asked.length === 0) return ok([]);
  const own = await readMarks(sync);
  if (!own.ok) return own;
  const answered = new Set(
    own.value.flatMap((mark) =>
      mark.kind === 'forgotten' ? [`${mark.owner} ${mark.log} ${mark.asked}`] : [],
    ),
  );
  return ok(asked.filter(({ machine, log, at }) => !answered.has(`${machine} ${log} ${at}`)));
}

async function drop({ sync, textSink, secrets }: StoreBase, { machine, log }: Asked): Answer<void> {
  const path = parseLogPath(log);
  if (!path.ok) return path;
  const copy = await secrets?.shared?.copyOf(machine);
  const values = copy === undefined ? ok(undefined) : await sync.files.remove(copy);
  if (!values.ok) return values;
  const file = cachePath(sync, machine, path.value);
  const cached = await sync.files.stat(file);
  if (!cached.ok) return cached;
  if (cached.value !== null) {
    const removed = await withOpenFolder(sync, machine, path.value, () => sync.files.remove(file));
    await sealCache(sync, [{ machine, path: path.value }]);
    if (!removed.ok) return removed;
    const noted = await sync.index.setCached([{ id: logId(machine, path.value), sha256: null }]);
    if (!noted.ok) return noted;
  }
  return (await textSink?.drop([{ machine, path: path.value }])) ?? ok(undefined);
}

function receiptFor({ sync }: StoreBase, { machine, log, at }: Asked): ForgottenMark {
  const { clock, self } = sync;
  return { kind: 'forgotten', reader: self.hostname, at: clock.now(), owner: machine, log, asked: at };
}
