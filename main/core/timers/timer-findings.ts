import type { Finding } from '../status/finding.ts';
import { timersStatus, type TimersDeps } from './timers.ts';

/** `doctor`'s findings about the system's timers; none without timers. */
export async function timerFindings(deps: TimersDeps): Promise<readonly Finding[]> {
  const { timers } = await timersStatus(deps);
  if (timers.length === 0) return [];
  const gone = timers.find(({ missing }) => missing !== null);
  if (gone === undefined) {
    const tasks = timers.map(({ task }) => task).join(', ');
    return [{ level: 'ok', subject: 'schedule', finding: `${timers[0]?.kind ?? ''}: ${tasks}`, remedy: '' }];
  }
  return [
    {
      level: 'problem',
      subject: 'schedule',
      finding: `the timers start ${gone.missing ?? ''}, which no longer exists, so nothing runs by itself`,
      remedy: 'session-log schedule install',
    },
  ];
}
