import { useId } from 'react';
import { rowFacts } from '../../../shared/format/log-facts.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { readFilters } from '../../../shared/ipc/list-filters.ts';
import { hashOf } from '../../../shared/ipc/route.ts';
import { useCall } from '../../data/call.ts';
import { useKeptSearches } from '../../data/use-kept-searches.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import styles from './rail-links.module.css';

const RECENT = { limit: 8 } as const;

/** Ways back to reading, in the sidebar of views that have no filters of their own there: saved searches and the latest sessions. */
export function RailLinks() {
  const { saved } = useKeptSearches();
  const rows = useCall('logs.page', RECENT).data?.rows ?? [];
  return (
    <div className={styles.rail}>
      <Links
        title={en.search.saved}
        icon="star"
        links={saved.map(({ name, query }) => ({
          key: name,
          href: hashOf({ view: 'logs', filters: readFilters(query) }),
          words: visibleLine(name),
        }))}
      />
      <Links
        title={en.panel.recent}
        icon="logs"
        links={rows.map((row) => ({
          key: row.id,
          href: hashOf({ view: 'logs', log: row.id }),
          words: visibleLine(logTitle(row)),
          below: visibleLine(rowFacts(row, { host: false })),
        }))}
      />
    </div>
  );
}

function Links(props: {
  readonly title: string;
  readonly icon: IconName;
  readonly links: readonly {
    readonly key: string;
    readonly href: string;
    readonly words: string;
    readonly below?: string;
  }[];
}) {
  const id = useId();
  if (props.links.length === 0) return null;
  return (
    <nav aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      <ul>
        {props.links.map(({ key, href, words, below }) => (
          <li key={key}>
            <a href={href}>
              <Icon name={props.icon} />
              <span>
                <span>{words}</span>
                {below === undefined || below === '' ? null : <small>{below}</small>}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
