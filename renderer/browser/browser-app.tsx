import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { dayOf } from '../../shared/format/time.ts';
import { en } from '../../shared/i18n/en.ts';
import { NO_FILTERS, type ListFilters } from '../../shared/ipc/list-filters.ts';
import type { Route } from '../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { EVERY_TASK } from '../../shared/ipc/task-filters.ts';
import { ApiProvider, useConnectionLost, type Link } from '../data/api-context.tsx';
import { countFilters } from '../data/filters.ts';
import { useEvent } from '../data/use-event.ts';
import { useNow } from '../data/use-now.ts';
import { useChangeFilters, useGo, useListFilters, useRoute } from '../data/use-route.ts';
import { useAppInfo, useStatus } from '../data/use-status.ts';
import { useSyncActions, type SyncActions } from '../data/use-sync-actions.ts';
import { useTheme } from '../data/use-theme.ts';
import { FilterPanel } from '../features/filters/filter-panel.tsx';
import { MachineFooter, Navigation } from '../features/navigation/navigation.tsx';
import { RailLinks } from '../features/navigation/rail-links.tsx';
import { NotesView } from '../features/notes/notes-view.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { PendingView } from '../features/pending/pending-view.tsx';
import type { Draft } from '../features/save/save-form.tsx';
import { SaveDialog } from '../features/save/save-dialog.tsx';
import { SessionsView } from '../features/sessions/sessions-view.tsx';
import { SettingsBroken, useBrokenSettings } from '../features/settings/settings-broken.tsx';
import { SettingsPages } from '../features/settings/settings-pages.tsx';
import { SettingsView } from '../features/settings/settings-view.tsx';
import { ShortcutsDialog } from '../features/shortcuts/shortcuts-dialog.tsx';
import { SyncView } from '../features/sync-status/sync-view.tsx';
import { WelcomeView } from '../features/welcome/welcome-view.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { recall, remember } from '../ui/memory.ts';
import { SplitPane } from '../ui/split-pane.tsx';
import { Callout } from '../ui/state.tsx';
import { useToastFailure } from '../ui/remedy.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { useNarrow } from '../ui/use-narrow.ts';
import { Remedies } from '../remedies.tsx';
import styles from './browser-app.module.css';
import { LinkGuard } from './link-guard.tsx';
import { LogsView, type LogsViewHandle } from './logs-view.tsx';
import { SessionGate } from './session-gate.tsx';
import { useCommands, type LogCommands } from './use-commands.ts';
import { useGlobalKeys } from './use-global-keys.ts';
import { WindowNotices } from './window-notices.tsx';

/** The log browser: the desktop app's window and the browser view's page. */
export function BrowserApp(props: { readonly link: Link }) {
  const go = useGo();
  return (
    <ApiProvider link={props.link}>
      <SessionGate>
        <Toaster>
          <Remedies go={go}>
            <LinkGuard>
              <WindowNotices />
              <Shell />
            </LinkGuard>
          </Remedies>
        </Toaster>
      </SessionGate>
    </ApiProvider>
  );
}

function Shell() {
  const address = useRoute();
  const go = useGo();
  const status = useStatus();
  const filters = useListFilters(address);
  // The save dialog opens over the logs.
  const route: Place = address.view === 'save' ? { view: 'logs', filters } : address;
  const setFilters = useChangeFilters();
  const [overlay, setOverlay] = useState<'palette' | 'help' | null>(null);
  const [singleKeys, setSingleKeys] = useState(() => recall('single-keys', true));
  const logs = useRef<LogsViewHandle>(null);
  const actions = useSyncActions(useToastFailure());
  const timeZone = useAppInfo()?.timeZone ?? 'UTC';
  const today = dayOf(useNow(), timeZone);
  const broken = useBrokenSettings();
  useTheme();
  useFirstRun(status, route);
  useEvent('navigate', ({ route: hash }) => {
    window.location.hash = hash;
  });
  const openHelp = useCallback(() => setOverlay('help'), []);
  useEvent('help.show', openHelp);
  useGlobalKeys({
    singleKeys,
    onPalette: () => setOverlay('palette'),
    onHelp: openHelp,
    onSearch: () => {
      // At once if the box already exists: the next letter is typed before a frame is drawn.
      if (route.view === 'logs') logs.current?.search();
      else {
        go({ view: 'logs', filters });
        requestAnimationFrame(() => logs.current?.search());
      }
    },
    onFind: () => logs.current?.find(),
    onView: (view) => go(view === 'logs' ? { view, filters } : { view }),
  });
  const close = (): void => setOverlay(null);
  return (
    <div className={styles.app} data-print="flow">
      <header className={styles.banner} data-print="none">
        <SkipLink />
        <h1 className="visually-hidden">{en.common.productName}</h1>
      </header>
      <Sidebar route={route} status={status} filters={filters} onFilters={setFilters} />
      <main id="content" className={styles.content} data-print="flow" tabIndex={-1}>
        <ConnectionBanner />
        {broken === null ? (
          <View {...{ route, status, actions, filters, timeZone, today, logs }} onFilters={setFilters} />
        ) : (
          <SettingsBroken view={broken} />
        )}
      </main>
      {overlay === 'palette' ? (
        <BrowserPalette
          {...{ route, status, actions, filters, today }}
          onFilters={setFilters}
          logs={logs}
          onHelp={openHelp}
          onClose={close}
        />
      ) : null}
      <Saving open={address.view === 'save'} status={status} onClose={() => go({ view: 'logs', filters })} />
      {overlay === 'help' ? (
        <ShortcutsDialog
          singleKeys={singleKeys}
          onSingleKeys={(on) => {
            setSingleKeys(on);
            remember('single-keys', on);
          }}
          onClose={close}
        />
      ) : null}
    </div>
  );
}

/** A route that is a page. */
type Place = Exclude<Route, { readonly view: 'save' }>;

/** Keeps the draft as long as the window is open, even while the dialog is closed. */
function Saving(props: {
  readonly open: boolean;
  readonly status: StatusSnapshot | null;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState<Draft | null>(null);
  if (!props.open) return null;
  return <SaveDialog status={props.status} draft={draft} onDraft={setDraft} onClose={props.onClose} />;
}

interface SidebarProps {
  readonly route: Place;
  readonly status: StatusSnapshot | null;
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
}

/** Views and filters beside the content; in a narrow window above it, with the filters in a dialog. */
function Sidebar(props: SidebarProps) {
  const { route, status, filters, onFilters } = props;
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const panel = route.view === 'logs' ? <FilterPanel filters={filters} onChange={onFilters} /> : null;
  if (!narrow)
    return (
      <aside className={styles.aside} data-print="none" aria-label={en.common.sidebar}>
        <SplitPane name="sidebar" label={en.common.resizeSidebar} initial={15} min={11} max={24}>
          <div className={styles.sidebar}>
            <Navigation route={route} status={status} filters={filters} />
            <div className={styles.filters}>
              {route.view === 'settings' ? (
                <SettingsPages page={route.page ?? 'store'} at="sidebar" />
              ) : (
                (panel ?? <RailLinks />)
              )}
            </div>
            <MachineFooter status={status} isSync={route.view === 'sync'} />
          </div>
        </SplitPane>
      </aside>
    );
  return (
    <aside className={styles.topBar} data-print="none" aria-label={en.common.sidebar}>
      <Navigation route={route} status={status} filters={filters} />
      {panel === null || (route.view === 'logs' && route.log !== undefined) ? null : (
        <Button icon="filter" onClick={() => setOpen(true)}>
          {en.logs.filterButton(countFilters(filters))}
        </Button>
      )}
      {open && panel !== null ? (
        <Dialog title={en.logs.filters} onClose={() => setOpen(false)}>
          {panel}
        </Dialog>
      ) : null}
    </aside>
  );
}

interface ViewProps {
  readonly route: Place;
  readonly status: StatusSnapshot | null;
  readonly actions: SyncActions;
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly timeZone: string;
  readonly today: string;
  readonly logs: RefObject<LogsViewHandle | null>;
}

function View(props: ViewProps) {
  const { route, timeZone, today } = props;
  const go = useGo();
  switch (route.view) {
    case 'logs':
      return (
        <LogsView
          ref={props.logs}
          route={route}
          filters={props.filters}
          onFilters={props.onFilters}
          timeZone={timeZone}
          today={today}
          onLookInStore={props.actions.index}
        />
      );
    case 'notes':
      return <NotesView note={route.note ?? null} timeZone={timeZone} today={today} />;
    case 'pending':
      return <PendingView filters={route.tasks ?? EVERY_TASK} timeZone={timeZone} today={today} />;
    case 'sessions':
      return (
        <SessionsView
          session={route.session ?? null}
          atRisk={route.atRisk === true}
          timeZone={timeZone}
          today={today}
        />
      );
    case 'sync':
      return (
        <SyncView
          status={props.status}
          actions={props.actions}
          timeZone={timeZone}
          onAddWorkspace={() => go({ view: 'settings', page: 'workspaces' })}
        />
      );
    case 'settings':
      return <SettingsView page={route.page ?? 'store'} timeZone={timeZone} />;
    case 'welcome':
      return (
        <WelcomeView
          step={route.step ?? null}
          invitation={route.invitation ?? null}
          onStep={(step) => go({ view: 'welcome', step })}
          onDone={() => go({ view: 'logs' })}
        />
      );
  }
}

interface BrowserPaletteProps {
  readonly route: Route;
  readonly status: StatusSnapshot | null;
  readonly actions: SyncActions;
  readonly filters: ListFilters;
  readonly today: string;
  readonly onFilters: (filters: ListFilters) => void;
  readonly logs: RefObject<LogsViewHandle | null>;
  readonly onHelp: () => void;
  readonly onClose: () => void;
}

/** The palette with this window's commands. */
function BrowserPalette(props: BrowserPaletteProps) {
  const go = useGo();
  const { route, logs } = props;
  const log = useMemo<LogCommands | null>(
    () =>
      route.view !== 'logs' || route.log === undefined
        ? null
        : {
            find: () => logs.current?.find(),
            toggleRaw: () => logs.current?.toggleRaw(),
            copyAll: () => logs.current?.copyAll(),
            copyPath: () => logs.current?.copyPath(),
          },
    [route, logs],
  );
  const commands = useCommands({ ...props, log });
  return (
    <Palette
      commands={commands}
      today={props.today}
      onOpenLog={(log) => go({ view: 'logs', log, filters: props.filters })}
      onOpenHit={(hit, text) =>
        go({ view: 'logs', log: hit.id, line: hit.readLine, filters: { ...NO_FILTERS, text } })
      }
      onClose={props.onClose}
    />
  );
}

/** An app that was never set up starts with the questions; a link to a specific place is still followed. */
function useFirstRun(status: StatusSnapshot | null, route: Route): void {
  const go = useGo();
  const asked = useRef(false);
  const isStart = route.view === 'logs' && route.log === undefined;
  useEffect(() => {
    if (status === null || asked.current) return;
    asked.current = true;
    // A user whose settings cannot be read is not new here.
    if (status.firstRun && isStart) go({ view: 'welcome' }, 'replace');
  }, [status, isStart, go]);
}

function SkipLink() {
  return (
    <a
      className={styles.skip}
      href="#content"
      onClick={(event) => {
        // The hash is the place in the app, so the platform's handling of this link is not ours.
        event.preventDefault();
        document.getElementById('content')?.focus();
      }}
    >
      {en.common.skipToContent}
    </a>
  );
}

function ConnectionBanner() {
  if (!useConnectionLost()) return null;
  return (
    <div className={styles.lost} role="alert">
      <Callout tone="bad" icon="store-off" title={en.common.connectionLost}>
        {en.common.connectionLostBody}
      </Callout>
    </div>
  );
}
