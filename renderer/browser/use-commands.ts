import { useMemo } from 'react';
import { en } from '../../shared/i18n/en.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { useAction } from '../data/call.ts';
import { NO_FILTERS, type Filters } from '../data/filters.ts';
import { useGo } from '../data/use-route.ts';
import { useSettings } from '../data/use-settings.ts';
import { useAppInfo } from '../data/use-status.ts';
import type { SyncActions } from '../data/use-sync-actions.ts';
import type { Command } from '../features/palette/palette.tsx';
import { chord } from '../ui/state-words.ts';

export interface CommandSources {
  readonly status: StatusSnapshot | null;
  readonly actions: SyncActions;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  readonly onHelp: () => void;
  readonly onFind: () => void;
  readonly onRaw: () => void;
  /** True while a log can be read. */
  readonly reading: boolean;
}

/** Everything that can be done by name, in the order in which people reach for it. */
export function useCommands(sources: CommandSources): readonly Command[] {
  const { status, actions, filters, onFilters, reading } = sources;
  const go = useGo();
  const { change } = useSettings();
  const quit = useAction('app.quit');
  const canQuit = useAppInfo()?.capabilities.quit === true;
  const words = en.commands;
  return useMemo(() => {
    const always: Command[] = [
      { id: 'push', title: words.push, icon: 'upload', run: actions.push },
      { id: 'index', title: words.index, icon: 'download', run: actions.index },
      { id: 'full', title: words.full, icon: 'sync', run: actions.full },
      { id: 'git', title: words.gitSync, icon: 'branch', run: () => actions.gitSync() },
      { id: 'pull-all', title: words.pullAll, icon: 'cached', run: actions.pullAll },
      { id: 'logs', title: words.goLogs, icon: 'logs', keys: ['1'], run: () => go({ view: 'logs' }) },
      { id: 'notes', title: words.goNotes, icon: 'notes', keys: ['2'], run: () => go({ view: 'notes' }) },
      { id: 'sync', title: words.goSync, icon: 'sync', keys: ['3'], run: () => go({ view: 'sync' }) },
      {
        id: 'settings',
        title: words.goSettings,
        icon: 'settings',
        keys: ['4'],
        run: () => go({ view: 'settings' }),
      },
    ];
    const pause: Command[] =
      status !== null && status.paused !== null
        ? [{ id: 'resume', title: words.resume, icon: 'play', run: actions.resume }]
        : [
            { id: 'pause-hour', title: words.pauseHour, icon: 'pause', run: () => actions.pause('hour') },
            {
              id: 'pause-tomorrow',
              title: words.pauseTomorrow,
              icon: 'pause',
              run: () => actions.pause('tomorrow'),
            },
          ];
    const list: Command[] = [
      {
        id: 'by-day',
        title: words.groupDay,
        icon: 'calendar',
        run: () => onFilters({ ...filters, groupBy: 'day' }),
      },
      {
        id: 'by-machine',
        title: words.groupMachine,
        icon: 'machine',
        run: () => onFilters({ ...filters, groupBy: 'machine' }),
      },
      {
        id: 'clear',
        title: words.clearFilters,
        icon: 'close',
        run: () => onFilters({ ...NO_FILTERS, groupBy: filters.groupBy, order: filters.order }),
      },
    ];
    const log: Command[] = reading
      ? [
          { id: 'find', title: words.find, icon: 'search', keys: [chord('F')], run: sources.onFind },
          { id: 'raw', title: words.raw, icon: 'raw', run: sources.onRaw },
        ]
      : [];
    const app: Command[] = [
      ...(['system', 'light', 'dark'] as const).map((theme): Command => ({
        id: `theme-${theme}`,
        title: words.theme(en.settings.app.themes[theme].toLowerCase()),
        icon: 'display',
        run: () => change({ app: { theme } }),
      })),
      { id: 'help', title: words.shortcuts, icon: 'keyboard', keys: ['?'], run: sources.onHelp },
      ...(canQuit
        ? [{ id: 'quit', title: words.quit, icon: 'power' as const, run: () => quit.mutate({}) }]
        : []),
    ];
    return [...always, ...log, ...pause, ...list, ...app];
  }, [words, status, actions, filters, onFilters, reading, go, change, quit, canQuit, sources]);
}
