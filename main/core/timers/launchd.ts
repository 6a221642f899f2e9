import { inFolder } from '../files/folder-path.ts';
import type { TimerStep, TimerSystem } from './timer-system.ts';
import {
  TIMER_TASKS,
  timerName,
  type Timer,
  type TimerPace,
  type TimerPlace,
  type TimerTask,
} from './timer-task.ts';
import { fromXmlText, xmlText } from './xml.ts';

/** User agents in `~/Library/LaunchAgents`. Runs missed during sleep happen once on waking. */
export const launchd: TimerSystem = {
  kind: 'launchd',
  sources: (place) => TIMER_TASKS.map((task) => ({ from: 'file', path: agentPath(task, place) })),
  read: (present, place) =>
    TIMER_TASKS.flatMap((task) => {
      const path = agentPath(task, place);
      const text = present.get(path);
      return text === undefined ? [] : [{ task, words: readWords(text), place: path }];
    }),
  steps: (timers, present, place) => {
    const wanted = new Map(timers.map((timer) => [agentPath(timer.task, place), agent(timer, place)]));
    return TIMER_TASKS.flatMap((task): readonly TimerStep[] => {
      const path = agentPath(task, place);
      const [before, after] = [present.get(path), wanted.get(path)];
      if (before === after) return [];
      const domain = `gui/${place.uid}`;
      const out: TimerStep = {
        do: 'run',
        file: 'launchctl',
        args: ['bootout', `${domain}/${timerName(task, place)}`],
        mayFail: true,
      };
      if (after === undefined) return [out, { do: 'remove', path }];
      return [
        out,
        { do: 'write', path, text: after, encoding: 'utf8' },
        { do: 'run', file: 'launchctl', args: ['bootstrap', domain, path] },
      ];
    });
  },
};

function agentPath(task: TimerTask, place: TimerPlace): string {
  return inFolder(place.userHome, 'Library', 'LaunchAgents', `${timerName(task, place)}.plist`);
}

function agent(timer: Timer, place: TimerPlace): string {
  const words = timer.words.map((word) => `    <string>${xmlText(word)}</string>`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xmlText(timerName(timer.task, place))}</string>
  <key>ProgramArguments</key>
  <array>
${words}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>
    <string>${xmlText(place.searchPath)}</string>
  </dict>
${times(timer.pace)}
  <key>ProcessType</key>
  <string>Background</string>
  <key>LowPriorityIO</key>
  <true/>
</dict>
</plist>
`;
}

function times(pace: TimerPace): string {
  if (pace.every === 'minutes') {
    const minutes = Array.from(
      { length: 60 / pace.minutes },
      (_, n) => (pace.offset + n * pace.minutes) % 60,
    );
    const dicts = minutes.sort((a, b) => a - b).map((minute) => calendar({ Minute: minute }, '    '));
    return `  <key>StartCalendarInterval</key>\n  <array>\n${dicts.join('\n')}\n  </array>`;
  }
  const day = pace.every === 'week' ? { Weekday: pace.weekday } : {};
  return `  <key>StartCalendarInterval</key>\n${calendar({ ...day, Hour: pace.hour, Minute: pace.minute }, '  ')}`;
}

function calendar(fields: Readonly<Record<string, number>>, indent: string): string {
  const lines = Object.entries(fields).map(
    ([key, value]) => `${indent}  <key>${key}</key>\n${indent}  <integer>${value}</integer>`,
  );
  return `${indent}<dict>\n${lines.join('\n')}\n${indent}</dict>`;
}

function readWords(text: string): readonly string[] {
  const list = /<key>ProgramArguments<\/key>\s*<array>([^]*?)<\/array>/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/<string>([^<]*)<\/string>/g)].map(([, word = '']) => fromXmlText(word));
}
