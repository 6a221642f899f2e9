import type { AppError } from '../../../shared/app-error.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { LogIndex } from '../ports/log-index.ts';

/**
 * The machines of the index in one small file, so that `status` and the tray need not open the database. Written after every change of
 * the index; regenerable.
 */
export async function saveMachineSummary(
  files: Files,
  index: LogIndex,
  path: string,
): Promise<Result<void, AppError>> {
  const machines = await index.machines();
  if (!machines.ok) return machines;
  return files.replace(
    path,
    new TextEncoder().encode(JSON.stringify({ schema: 1, machines: machines.value })),
  );
}

/** Reads what {@link saveMachineSummary} wrote; null when there is none yet. */
export async function readMachineSummary(
  files: Files,
  path: string,
): Promise<Result<readonly MachineRow[] | null, AppError>> {
  const content = await files.read(path);
  if (!content.ok) return content;
  if (content.value === null) return ok(null);
  try {
    const value = JSON.parse(new TextDecoder().decode(content.value)) as {
      schema?: unknown;
      machines?: unknown;
    };
    return ok(value.schema === 1 && Array.isArray(value.machines) ? (value.machines as MachineRow[]) : null);
  } catch {
    return ok(null);
  }
}
