import { useState } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import type { SettingsPage } from '../../../shared/ipc/route.ts';
import { useSettings, type SettingsEditor } from '../../data/use-settings.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { Icon } from '../../ui/icon.tsx';
import { Button } from '../../ui/button.tsx';
import { useNarrow } from '../../ui/use-narrow.ts';
import { Problem, ProblemState, Skeleton } from '../../ui/state.tsx';
import { AppPage } from './app-page.tsx';
import { MachinePage } from './machine-page.tsx';
import { ReadersPage } from './readers-page.tsx';
import { SettingsPages } from './settings-pages.tsx';
import { SessionsPage } from './sessions-page.tsx';
import { NotificationsPage, SchedulePage } from './schedule-page.tsx';
import styles from './settings-view.module.css';
import { StorePage } from './store-page.tsx';
import { WorkspacesPage } from './workspaces-page.tsx';

/** All settings, by page. */
export function SettingsView(props: { readonly page: SettingsPage; readonly timeZone: string }) {
  const [saved, setSaved] = useState(0);
  const editor = useSettings(() => setSaved((count) => count + 1));
  return (
    <div className={styles.view}>
      {useNarrow() ? <SettingsPages page={props.page} at="top" /> : null}
      <div className={styles.scroller}>
        <div className={styles.page}>
          <header className={styles.header}>
            <h2>{en.settings.pages[props.page]}</h2>
            <div className={styles.done}>
              <SavedMark count={Object.keys(editor.errors).length > 0 ? 0 : saved} />
              {editor.undo === null ? null : (
                <Button size="small" tone="quiet" busy={editor.saving} onClick={editor.undo}>
                  {en.settings.undo}
                </Button>
              )}
            </div>
          </header>
          <Body editor={editor} page={props.page} timeZone={props.timeZone} />
        </div>
      </div>
    </div>
  );
}

/** Shows "Saved" after each change, also to screen readers. */
function SavedMark(props: { readonly count: number }) {
  return (
    <span role="status" className={styles.saved}>
      {props.count === 0 ? null : (
        <span key={props.count}>
          <Icon name="check" /> {en.settings.saved}
        </span>
      )}
    </span>
  );
}

function Body(props: {
  readonly editor: SettingsEditor;
  readonly page: SettingsPage;
  readonly timeZone: string;
}) {
  const { editor, page } = props;
  const info = useAppInfo();
  const { view } = editor;
  if (view === null && editor.error !== null) return <ProblemState error={editor.error} />;
  if (view === null || info === null) return <Skeleton lines={8} />;
  const shared = { settings: view.settings, editor, info };
  return (
    <>
      {view.problem === null ? null : <Problem error={view.problem} title={en.settings.fileProblem} />}
      {editor.errors[''] === undefined ? null : (
        <p role="alert" className={styles.refused}>
          {editor.errors['']}
        </p>
      )}
      {page === 'store' ? <StorePage {...shared} /> : null}
      {page === 'readers' ? <ReadersPage info={info} /> : null}
      {page === 'machine' ? <MachinePage timeZone={props.timeZone} /> : null}
      {page === 'workspaces' ? <WorkspacesPage {...shared} /> : null}
      {page === 'sessions' ? <SessionsPage {...shared} /> : null}
      {page === 'schedule' ? <SchedulePage {...shared} /> : null}
      {page === 'notifications' ? <NotificationsPage {...shared} /> : null}
      {page === 'app' ? <AppPage {...shared} path={view.path} /> : null}
    </>
  );
}
