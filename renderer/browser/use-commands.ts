import { useMemo } from 'react';
import { en } from '../../shared/i18n/en.ts';
import type { ListFilters } from '../../shared/ipc/list-filters.ts';
import { EVERY_TASK } from '../../shared/ipc/task-filters.ts';
import { SETTINGS_PAGES } from '../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { useAction, useCall } from '../data/call.ts';
import { withoutFilters, withoutSearch } from '../data/filters.ts';
import { useGo } from '../data/use-route.ts';
import { useSettings } from '../data/use-settings.ts';
import { useAppInfo } from '../data/use-status.ts';
import type { SyncActions } from '../data/use-sync-actions.ts';
import type { Command } from '../features/palette/palette.tsx';
import { chord } from '../ui/state-words.ts';

/** Actions on the open log. */
export interface LogCommands {
  readonly find: () => void;
  readonly toggleRaw: () => void;
  readonly copyAll: () => void;
  readonly copyPath: () => void;
}

export interface CommandSources {
  readonly status: StatusSnapshot | null;
  readonly actions: SyncActions;
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly onHelp: () => void;
  /** Null while no log is open. */
  readonly log: LogCommands | null;
}

const words = en.commands;

/** All named commands, most used first. */
export function useCommands(sources: CommandSources): readonly Command[] {
  const { status, actions, filters, onFilters, onHelp, log } = sources;
  const go = useGo();
  const note = useNoteCommands();
  const app = useAppCommands(onHelp);
  return useMemo(
    () => [
      { id: 'save', title: words.save, icon: 'plus', run: () => go({ view: 'save' }) },
      ...syncCommands(actions),
      ...placeCommands(go, filters),
      ...(log === null ? [] : logCommands(log)),
      ...note,
      ...pauseCommands(actions, status),
      ...listCommands(filters, onFilters),
      ...settingsCommands(go),
      {
        id: 'command-line',
        title: words.commandLine,
        icon: 'settings',
        run: () => go({ view: 'settings', page: 'app' }),
      },
      ...app,
    ],
    [status, actions, filters, onFilters, log, go, note, app],
  );
}

type Go = ReturnType<typeof useGo>;

function syncCommands(actions: SyncActions): Command[] {
  return [
    { id: 'push', title: words.push, icon: 'upload', run: actions.push },
    { id: 'index', title: words.index, icon: 'download', run: actions.index },
    { id: 'full', title: words.full, icon: 'sync', run: actions.full },
    { id: 'git', title: words.gitSync, icon: 'branch', run: () => actions.gitSync() },
    { id: 'pull-all', title: words.pullAll, icon: 'cached', run: actions.pullAll },
  ];
}

function placeCommands(go: Go, filters: ListFilters): Command[] {
  return [
    {
      id: 'logs',
      title: words.goLogs,
      icon: 'logs',
      keys: ['1'],
      run: () => go({ view: 'logs', filters }),
    },
    { id: 'notes', title: words.goNotes, icon: 'notes', keys: ['2'], run: () => go({ view: 'notes' }) },
    {
      id: 'pending',
      title: words.goPending,
      icon: 'box-checked',
      keys: ['3'],
      run: () => go({ view: 'pending' }),
    },
    {
      id: 'pending-mine',
      title: words.goMine,
      icon: 'box-checked',
      run: () => go({ view: 'pending', tasks: { ...EVERY_TASK, mine: true } }),
    },
    {
      id: 'sessions',
      title: words.goSessions,
      icon: 'raw',
      keys: ['4'],
      run: () => go({ view: 'sessions' }),
    },
    { id: 'sync', title: words.goSync, icon: 'sync', keys: ['5'], run: () => go({ view: 'sync' }) },
    {
      id: 'settings',
      title: words.goSettings,
      icon: 'settings',
      keys: ['6'],
      run: () => go({ view: 'settings' }),
    },
  ];
}

function settingsCommands(go: Go): Command[] {
  return SETTINGS_PAGES.map((page) => ({
    id: `settings-${page}`,
    title: words.settingsPage(en.settings.pages[page]),
    icon: 'settings',
    run: () => go({ view: 'settings', page }),
  }));
}

function pauseCommands(actions: SyncActions, status: StatusSnapshot | null): Command[] {
  if (status !== null && status.paused !== null)
    return [{ id: 'resume', title: words.resume, icon: 'play', run: actions.resume }];
  return [
    { id: 'pause-hour', title: words.pauseHour, icon: 'pause', run: () => actions.pause('hour') },
    { id: 'pause-tomorrow', title: words.pauseTomorrow, icon: 'pause', run: () => actions.pause('tomorrow') },
  ];
}

function listCommands(filters: ListFilters, onFilters: CommandSources['onFilters']): Command[] {
  return [
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
      run: () => onFilters(withoutFilters(withoutSearch(filters))),
    },
  ];
}

function logCommands(log: LogCommands): Command[] {
  return [
    { id: 'find', title: words.find, icon: 'search', keys: [chord('F')], run: log.find },
    { id: 'raw', title: words.raw, icon: 'raw', run: log.toggleRaw },
    { id: 'copy-log', title: words.copyLog, icon: 'copy', run: log.copyAll },
    { id: 'copy-path', title: words.copyPath, icon: 'copy', run: log.copyPath },
  ];
}

/** Marks all notes as read, while some are unread. */
function useNoteCommands(): readonly Command[] {
  const unread = useCall('notes.list', { show: 'unread', limit: 500 }).data?.notes;
  const { mutate } = useAction('notes.markRead');
  return useMemo(
    () =>
      unread === undefined || unread.length === 0
        ? []
        : [
            {
              id: 'read-notes',
              title: words.readNotes(unread.length),
              icon: 'check',
              run: () => mutate({ notes: unread.map((note) => note.hash) }),
            },
          ],
    [unread, mutate],
  );
}

function useAppCommands(onHelp: () => void): readonly Command[] {
  const { change } = useSettings();
  const { mutate: quit } = useAction('app.quit');
  const canQuit = useAppInfo()?.capabilities.quit === true;
  return useMemo(
    () => [
      ...(['system', 'light', 'dark'] as const).map((theme): Command => ({
        id: `theme-${theme}`,
        title: words.theme(en.settings.app.themes[theme].toLowerCase()),
        icon: 'display',
        run: () => change({ app: { theme } }),
      })),
      { id: 'help', title: words.shortcuts, icon: 'keyboard', keys: ['?'], run: onHelp },
      ...(canQuit ? [{ id: 'quit', title: words.quit, icon: 'power' as const, run: () => quit({}) }] : []),
    ],
    [change, onHelp, canQuit, quit],
  );
}
