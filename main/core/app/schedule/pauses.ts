import { inFolder } from '../../files/folder-path.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import type { AppParts } from '../app-core.ts';
import type { PresentSettings } from '../settings/present-settings.ts';
import type { AutoSync } from './auto-sync.ts';
import { readPause, writePause } from '../../status/pause-file.ts';
import { nextMinuteOfDay } from './wall-time.ts';

/** Pauses that a person requests. */
export interface Pauses {
  /** Resumes one from before the last restart. */
  load(): Promise<void>;
  pause(how: ParsedInput<'pause.set'>['for']): Promise<void>;
  resume(): Promise<void>;
}

export type PausesParts = Pick<AppParts, 'files' | 'paths' | 'clock' | 'logger'> & {
  readonly auto: AutoSync;
  readonly settings: PresentSettings;
};

const HOUR_MS = 60 * 60 * 1_000;
/** "Until tomorrow" ends before anybody's working day begins. */
const MORNING = 6 * 60;

export function createPauses({ files, paths, clock, logger, auto, settings }: PausesParts): Pauses {
  const path = inFolder(paths.state, 'pause.json');
  return {
    async load() {
      const kept = await readPause(files, path, clock.now(), logger);
      if (kept !== null) auto.pause(kept.until);
    },
    async pause(how) {
      const now = clock.now();
      const until = {
        hour: now + HOUR_MS,
        tomorrow: nextMinuteOfDay(now, MORNING, settings.timeZone),
        'until-resumed': null,
      }[how];
      auto.pause(until);
      await writePause(files, path, { until });
    },
    async resume() {
      await writePause(files, path, null);
      auto.resume();
    },
  };
}
