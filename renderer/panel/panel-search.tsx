import { useDeferredValue, useState, type KeyboardEvent } from 'react';
import { hitTitle } from '../../shared/format/log-title.ts';
import { shortDay } from '../../shared/format/time.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import type { SearchHit } from '../../shared/domain/search-answer.ts';
import { en } from '../../shared/i18n/en.ts';
import { NO_FILTERS } from '../../shared/ipc/list-filters.ts';
import type { Route } from '../../shared/ipc/route.ts';
import { useCall } from '../data/call.ts';
import { MarkedText } from '../ui/marked-text.tsx';
import { SearchInput } from '../ui/search-input.tsx';
import styles from './panel-app.module.css';

const MOST = 5;
const SHORTEST = 3;

/** A box that searches all logs; its hits open in the log browser. */
export function PanelSearch(props: { readonly today: string; readonly onGo: (route: Route) => void }) {
  const { onGo } = props;
  const [text, setText] = useState('');
  const words = useDeferredValue(text.trim());
  const isAsked = words.length >= SHORTEST;
  const found = useCall(
    'search.find',
    { box: 'panel', text: words, typing: true, limit: MOST, snippets: 1 },
    { enabled: isAsked, keepPrevious: true },
  );
  const hits = isAsked ? (found.data?.hits ?? []) : [];
  const filters = { ...NO_FILTERS, text: words };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && words !== '') onGo({ view: 'logs', filters });
    if (event.key !== 'Escape' || text === '') return;
    // The first Escape clears the box; the next hides the panel.
    event.preventDefault();
    setText('');
  };
  return (
    <section className={styles.search} aria-label={en.search.panel}>
      <SearchInput
        text={text}
        label={en.search.panel}
        hint={en.search.panel}
        onText={setText}
        onKeyDown={onKeyDown}
      />
      <p
        role="status"
        className={hits.length > 0 || !isAsked || found.data === undefined ? 'visually-hidden' : undefined}
      >
        {!isAsked || found.data === undefined ? '' : countOf(found.data.total.count, hits.length)}
      </p>
      {hits.length === 0 ? null : (
        <ul className={styles.hits}>
          {hits.map((hit) => (
            <li key={hit.id}>
              <Hit
                {...props}
                hit={hit}
                onOpen={() => onGo({ view: 'logs', log: hit.id, line: hit.readLine, filters })}
              />
            </li>
          ))}
          <li>
            <button type="button" onClick={() => onGo({ view: 'logs', filters })}>
              <span>{en.search.panelAll}</span>
            </button>
          </li>
        </ul>
      )}
    </section>
  );
}

function countOf(total: number, shown: number): string {
  return shown === 0 ? en.search.panelNothing : en.search.found(String(total));
}

function Hit(props: { readonly hit: SearchHit; readonly today: string; readonly onOpen: () => void }) {
  const { hit } = props;
  const [line] = hit.snippets;
  return (
    <button type="button" onClick={props.onOpen}>
      <span>
        <strong>{visibleLine(hitTitle(hit))}</strong>
        {line === undefined ? null : (
          <small dir="auto">
            <MarkedText text={line.text} marks={line.marks} />
          </small>
        )}
      </span>
      <time>{shortDay(hit.day, props.today)}</time>
    </button>
  );
}
