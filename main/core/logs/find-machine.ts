import { type AppError, fail } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import { ok, type Result } from '../../../shared/result.ts';

const SHORTEST_PREFIX = 4;

/**
 * Finds a machine by any unambiguous prefix of its UUID (usually eight characters) or by its host name, in any case.
 * @returns `ambiguous` with the candidates, or `not-found`
 */
export function findMachine(machines: readonly MachineRow[], name: string): Result<MachineRow, AppError> {
  const wanted = name.trim().toLowerCase();
  const byHost = machines.filter((machine) => machine.host.toLowerCase() === wanted);
  const byPrefix =
    wanted.length >= SHORTEST_PREFIX ? machines.filter((machine) => machine.machine.startsWith(wanted)) : [];
  const found = [...new Set([...byHost, ...byPrefix])];
  const [only] = found;
  if (found.length === 1 && only) return ok(only);
  if (found.length === 0) {
    return fail(
      'not-found',
      `No machine ${quote(name)} is in the index.`,
      'Run `session-log sync --index`, then `session-log machines` to see them all.',
    );
  }
  const candidates = found.map(({ machine, host }) => ({ machine, host }));
  return fail(
    'ambiguous',
    `${quote(name)} could be ${candidates.map(({ machine, host }) => `${machine.slice(0, 13)} (${host})`).join(' or ')}.`,
    'Write more of the UUID.',
    {
      details: { candidates },
    },
  );
}
