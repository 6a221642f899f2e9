import { en } from '../../shared/i18n/en.ts';
import type { Route } from '../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { useAction } from '../data/call.ts';
import type { SyncActions } from '../data/use-sync-actions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
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
      <Popover icon="more" label={en.panel.more} align="end">
        {(close) => {
          const run = (action: () => void) => () => {
            close();
            action();
          };
          return (
            <div className={styles.menu}>
              {status.workspaces.length === 0 ? null : (
                <Button tone="quiet" icon="branch" onClick={run(() => actions.gitSync())}>
                  {en.panel.git}
                </Button>
              )}
              <Button tone="quiet" icon="sync" onClick={run(actions.full)}>
                {en.panel.full}
              </Button>
              {status.paused === null ? (
                <>
                  <Button tone="quiet" icon="pause" onClick={run(() => actions.pause('hour'))}>
                    {en.commands.pauseHour}
                  </Button>
                  <Button tone="quiet" icon="pause" onClick={run(() => actions.pause('tomorrow'))}>
                    {en.commands.pauseTomorrow}
                  </Button>
                </>
              ) : (
                <Button tone="quiet" icon="play" onClick={run(actions.resume)}>
                  {en.commands.resume}
                </Button>
              )}
              {props.canQuit ? (
                <Button tone="quiet" icon="power" onClick={run(() => quit.mutate({}))}>
                  {en.commands.quit}
                </Button>
              ) : null}
            </div>
          );
        }}
      </Popover>
    </div>
  );
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
