import { en } from '../../../shared/i18n/en.ts';
import { hashOf, SETTINGS_PAGES, type SettingsPage } from '../../../shared/ipc/route.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import styles from './settings-view.module.css';

const ICONS: Readonly<Record<SettingsPage, IconName>> = {
  store: 'store',
  readers: 'eye',
  machine: 'machine',
  workspaces: 'branch',
  sessions: 'raw',
  schedule: 'clock',
  notifications: 'bell',
  app: 'window',
};

/**
 * Links to the settings pages.
 * @param at in the sidebar, if there is one; above the page in a narrow window
 */
export function SettingsPages(props: { readonly page: SettingsPage; readonly at: 'sidebar' | 'top' }) {
  return (
    <nav className={cx(styles.pages, props.at === 'top' && styles.top)} aria-label={en.settings.title}>
      <ul>
        {SETTINGS_PAGES.map((page) => (
          <li key={page}>
            <a
              href={hashOf({ view: 'settings', page })}
              aria-current={page === props.page ? 'page' : undefined}
            >
              <Icon name={ICONS[page]} />
              {en.settings.pages[page]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
