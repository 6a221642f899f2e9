import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A witness of exclusion that shares no code and no file with the lock: a hard link made on entering and removed on
 * leaving. The kernel makes a name once, so two that are inside at the same time cannot both have made it.
 */
export interface Oracle {
  /** @returns what is wrong, or null */
  enter(): Promise<string | null>;
  /** @returns what is wrong, or null */
  leave(): Promise<string | null>;
}

/** @param folder where the oracle keeps its files, apart from the lock */
export async function oracle(folder: string): Promise<Oracle> {
  const mine = join(folder, `inside-${process.pid}-${Date.now()}`);
  const name = join(folder, 'inside');
  await writeFile(mine, `${process.pid} ${await startOf(process.pid)}`);
  const made = async (): Promise<boolean> =>
    link(mine, name).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EEXIST') return false;
        throw cause;
      },
    );
  return {
    enter: async () => {
      if (await made()) return null;
      const other = await readFile(name, 'utf8').catch(() => 'gone');
      const [pid, start] = other.split(' ');
      // Who was killed inside could not remove its link. Whoever is let in after it may, if the lock is right.
      if (pid !== undefined && start === (await startOf(Number(pid))))
        return `${process.pid} met ${pid} inside`;
      await unlink(name).catch(() => undefined);
      return (await made()) ? null : `${process.pid} and another came after the dead ${pid}`;
    },
    leave: async () => {
      const [at, own] = await Promise.all([stat(name).catch(() => null), stat(mine)]);
      if (at?.ino !== own.ino) return `${process.pid} left and its mark was gone`;
      await unlink(name);
      return null;
    },
  };
}

/** Start of a running process in clock ticks; `none` for one that is gone or a zombie. */
export async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[19] === undefined ? 'none' : fields[19];
}
