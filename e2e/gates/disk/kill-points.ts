import { execFile, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncDisk, syncDisk } from '../../../main/adapters/disk/disk.ts';
import { isTemporaryName } from '../../../shared/domain/temporary-name.ts';
import { makeDiskFolder } from '../disk-folder.ts';
import type { Writer } from './writers.ts';

/** One system call of a writer, as the kernel sees it. */
export interface KillPoint {
  readonly syscall: string;
  /** The how-manieth of its name, from 1: strace counts each name for itself. */
  readonly nth: number;
}

/** What strace puts in the place of a system call. */
export type Injection = 'signal=SIGKILL' | 'error=EIO' | 'error=ENOSPC';

/** What one run left. */
export interface KillRun {
  readonly killed: boolean;
  /** What the child said before it ended: true, false, or nothing. */
  readonly said: boolean | null;
  readonly content: Uint8Array | null;
  /** The traced calls up to the end. */
  readonly trace: string;
  /** Whether the writer, run again on what was left, came to its end, and with the new content. */
  readonly recovered: boolean;
  readonly leftOver: number;
}

/** Why no process can be killed at a system call here, or null when it can. */
export function straceProblem(): string | null {
  if (process.platform !== 'linux')
    return 'strace is for Linux; the same faults are injected into the calls themselves';
  const tried = spawnSync(
    'strace',
    ['-f', '-qq', '-e', 'trace=none', '-e', 'inject=fsync:signal=SIGKILL', 'true'],
    {
      encoding: 'utf8',
    },
  );
  if (tried.error) return `strace cannot be run (${tried.error.message})`;
  return tried.status === 0 ? null : `strace may not trace here: ${tried.stderr.trim()}`;
}

/** Every system call that the writer makes on its own paths. */
export async function killPoints(writer: Writer): Promise<readonly KillPoint[]> {
  const run = await traced(writer, null);
  if (run.said !== true) throw new Error(`${writer.name} does not work under strace: ${run.trace}`);
  const counts = new Map<string, number>();
  return [...run.trace.matchAll(/^\d+\s+(\w+)\(/gm)].map(([, syscall = '']) => {
    const nth = (counts.get(syscall) ?? 0) + 1;
    counts.set(syscall, nth);
    return { syscall, nth };
  });
}

/** Runs the writer in a process of its own and puts something in the place of one system call. */
export async function traced(
  writer: Writer,
  point: KillPoint | null,
  injection: Injection = 'signal=SIGKILL',
): Promise<KillRun> {
  const folder = makeDiskFolder('kill-points-');
  try {
    for (const [path, bytes] of Object.entries(writer.before)) {
      fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
      fs.writeFileSync(join(folder, path), bytes);
    }
    const log = join(folder, '.strace');
    const child = await run('strace', [
      '-f',
      '-qq',
      '-o',
      log,
      ...watchedPaths(writer, folder).flatMap((path) => ['-P', path]),
      ...(point === null
        ? []
        : ['-e', `trace=${point.syscall}`, '-e', `inject=${point.syscall}:${injection}:when=${point.nth}`]),
      process.execPath,
      new URL('./kill-child.ts', import.meta.url).pathname,
      writer.name,
      folder,
    ]);
    const target = join(folder, writer.target);
    const content = fs.existsSync(target) ? fs.readFileSync(target) : null;
    const trace = fs.readFileSync(log, 'utf8');
    const leftOver = fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => isTemporaryName(path.split('/').at(-1) ?? '')).length;
    return { ...child, content, trace, leftOver, recovered: await recovers(writer, folder, content) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever comes next must be able to finish: with the work undone, or done already. */
async function recovers(writer: Writer, folder: string, content: Uint8Array | null): Promise<boolean> {
  if (writer.isNew(content)) return true;
  let drawn = 0;
  // Names of its own, as the next process would draw: those of the killed one may still lie there.
  const nonce = (): string => `f${(drawn++).toString(16).padStart(11, '0')}`;
  const again = await writer.run(folder, { disk: asyncDisk, syncDisk, nonce });
  const after = fs.existsSync(join(folder, writer.target))
    ? fs.readFileSync(join(folder, writer.target))
    : null;
  // A torn journal keeps its torn record in the middle; an empty claim is somebody's name.
  return (again.ok && writer.isNew(after)) || writer.mayTear(content);
}

/** Every path that a writer may touch: its files, the folders above them, and the temporary names with the child's nonces. */
function watchedPaths(writer: Writer, folder: string): readonly string[] {
  const names = ['000000000000', '000000000001', '000000000002'];
  const files = [writer.target, ...Object.keys(writer.before), 'machine-id.json.damaged-1'];
  const folders = new Set<string>();
  for (const file of files)
    for (let at = dirname(join(folder, file)); at.startsWith(folder); at = dirname(at)) folders.add(at);
  const temporary = files.flatMap((file) => {
    const path = join(folder, file);
    return names.map((nonce) => join(dirname(path), `.${path.slice(dirname(path).length + 1)}.${nonce}.tmp`));
  });
  return [...folders, ...files.map((file) => join(folder, file)), ...temporary];
}

function run(
  file: string,
  args: readonly string[],
): Promise<{ readonly killed: boolean; readonly said: boolean | null }> {
  return new Promise((resolve, reject) => {
    execFile(
      file,
      [...args],
      // One thread for all asynchronous calls: strace counts for each thread.
      {
        env: { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' },
        encoding: 'utf8',
        timeout: 60_000,
      },
      (error, stdout, stderr) => {
        if (error && error.signal === null && error.code !== 137)
          reject(new Error(`${error.message}\n${stderr}`));
        else resolve({ killed: error !== null, said: stdout === '' ? null : stdout === 'true' });
      },
    );
  });
}
