import { en } from '../../shared/i18n/en.ts';
import type { Route } from '../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { useAction } from '../data/call.ts';
import type { SyncActions } from '../data/use-sync-actions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import styles from './panel-app.module.css';

/** The most used actions, and the rest behind one button. */
export function PanelActions(props: {
  readonly status: StatusSnapshot;
  readonly actions: SyncActions;
  readonly canQuit: boolean;
}) {
  const { status, actions } = props;
  const quit = useAction('app.quit');
  const isBusy = (kind: string): boolean => status.operations.some((operation) => operation.kind === kind);
  return (
    <div className={styles.actions}>
      <Button tone="primary" icon="upload" busy={isBusy('push')} onClick={actions.push}>
        {en.panel.push}
      </Button>
      <Button icon="download" busy={isBusy('index')} onClick={actions.index}>
        {en.panel.index}
      </Button>
      <Menu
        icon="more"
        label={en.panel.more}
        align="end"
        items={[
          status.workspaces.length === 0
            ? null
            : { icon: 'branch', label: en.panel.git, run: () => actions.gitSync() },
          { icon: 'sync', label: en.panel.full, run: actions.full },
          ...pauseItems(status, actions),
          props.canQuit ? { icon: 'power', label: en.commands.quit, run: () => quit.mutate({}) } : null,
        ]}
      />
    </div>
  );
}

function pauseItems(status: StatusSnapshot, actions: SyncActions): readonly MenuItem[] {
  if (status.paused !== null) return [{ icon: 'play', label: en.commands.resume, run: actions.resume }];
  return [
    { icon: 'pause', label: en.commands.pauseHour, run: () => actions.pause('hour') },
    { icon: 'pause', label: en.commands.pauseTomorrow, run: () => actions.pause('tomorrow') },
  ];
}

/** Links to the log browser and the settings. */
export function PanelFooter(props: { readonly onGo: (route: Route) => void }) {
  return (
    <footer className={styles.footer}>
      <Button icon="window" onClick={() => props.onGo({ view: 'logs' })}>
        {en.panel.openBrowser}
      </Button>
      <span />
      <IconButton
        icon="settings"
        label={en.panel.openSettings}
        onClick={() => props.onGo({ view: 'settings' })}
      />
    </footer>
  );
}
