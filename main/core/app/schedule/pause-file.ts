import type { Files } from '../../ports/files.ts';

/** A pause that a person asked for, which outlives the app. `until` is epoch milliseconds; null until a person resumes. */
export interface KeptPause {
  readonly until: number | null;
}

/** Reads `state/pause.json`; null when nothing is paused, or no more. */
export async function readPause(files: Files, path: string, now: number): Promise<KeptPause | null> {
  const read = await files.read(path);
  if (!read.ok || read.value === null) return null;
  try {
    const value = JSON.parse(new TextDecoder().decode(read.value)) as { readonly until?: unknown };
    if (value.until === null) return { until: null };
    return typeof value.until === 'number' && value.until > now ? { until: value.until } : null;
  } catch {
    return null;
  }
}

/** Keeps a pause, or removes what was kept. Best effort: at worst the app works again after a restart. */
export async function writePause(files: Files, path: string, pause: KeptPause | null): Promise<void> {
  if (pause === null) await files.remove(path);
  else await files.replace(path, new TextEncoder().encode(JSON.stringify({ schema: 1, until: pause.until })));
}
