import type { Finding } from '../status/finding.ts';
import { isThere, readTarget } from '../launcher/find-launcher.ts';
import { commandLineState, type CommandLineDeps } from './command-line.ts';

/** `doctor`'s findings about the app's launcher, in any program; none if it is absent and not due. */
export async function commandLineFindings(deps: CommandLineDeps): Promise<readonly Finding[]> {
  const { place } = deps;
  if (place.windows) return [];
  const target = await readTarget(deps, place.launcher);
  if (target !== null && !(await isThere(deps, target)))
    return [
      {
        level: 'problem',
        subject: 'command line',
        finding: `${place.launcher} starts ${target.cli}, which no longer exists; hooks that use it do nothing`,
        remedy: 'Start the app once, or, if it is gone for good: session-log uninstall',
      },
    ];
  if (place.kind !== 'app') return [];
  const state = await commandLineState(deps);
  if (!state.ok)
    return [
      { level: 'problem', subject: 'command line', finding: state.error.message, remedy: state.error.remedy },
    ];
  const found = (level: Finding['level'], finding: string, remedy: string): readonly Finding[] => [
    { level, subject: 'command line', finding, remedy },
  ];
  switch (state.value.state) {
    case 'installed':
      return found('ok', state.value.path, '');
    case 'old':
      return found(
        'hint',
        `${state.value.path} starts another copy of the app than this one`,
        'Start the app that you want to keep once.',
      );
    case 'foreign':
      return found(
        'hint',
        `${state.value.path} is another program`,
        'Hooks name this program by its own place, which may move with an update.',
      );
    default:
      return found(
        'hint',
        'there is no launcher, so hooks name a place that may move with an update',
        'In the app: Settings > App > Install command line tool',
      );
  }
}
