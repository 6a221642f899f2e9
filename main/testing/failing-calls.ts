/** The process is dead: nothing it does any more reaches the disk. Not a system error, so nobody may handle it. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export type Blow =
  /** The process dies before or after this call. */
  | { readonly kind: 'kill'; readonly when: 'before' | 'after' }
  /** The call fails with this errno, once; the process lives. */
  | { readonly kind: 'errno'; readonly code: string };

export interface FailingCalls<C> {
  readonly calls: C;
  /** How many calls that change the disk were made. */
  readonly changes: number;
}

type AsyncMethod = (...args: never[]) => Promise<unknown>;

/**
 * Wraps a table of system calls so that the n-th one that changes the disk is struck.
 * @param strikeAt counts from 1; 0 strikes none
 * @param changes the names of the calls that change the disk; `open` counts when its flags (second argument) create
 */
export function failingCalls<C extends object>(
  real: C,
  strikeAt: number,
  blow: Blow,
  changes: ReadonlySet<string>,
  creates: (flags: unknown) => boolean,
): FailingCalls<C> {
  let [count, dead] = [0, false];
  const wrap =
    (name: string, method: AsyncMethod): AsyncMethod =>
    async (...args) => {
      if (dead) throw new Killed();
      const isChange = changes.has(name) && (name !== 'open' || creates(args[1]));
      if (!isChange) return await method(...args);
      count++;
      if (count !== strikeAt) return await method(...args);
      if (blow.kind === 'errno') throw Object.assign(new Error(`${blow.code}: planted`), { code: blow.code });
      dead = true;
      if (blow.when === 'after') await method(...args);
      throw new Killed();
    };
  const calls = Object.fromEntries(
    Object.entries(real).map(([name, method]) => [name, wrap(name, method as AsyncMethod)]),
  ) as C;
  return {
    calls,
    get changes() {
      return count;
    },
  };
}
