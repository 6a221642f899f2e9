import { useState } from 'react';
import { formatBytes } from '../../../shared/format/amount.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { PageProps } from './page-props.ts';
import { SavedField } from './saved-field.tsx';
import styles from './settings-view.module.css';

const words = en.settings.sessions;
const [MOST_MINUTES, MOST_GIGABYTES] = [1_440, 10_000];

/** What is kept of agents' sessions, and which are excluded. */
export function SessionsPage(props: PageProps) {
  const { settings, editor } = props;
  const { capture } = settings;
  const used = useCall('sessions.list', { offset: 0, limit: 1 }).data?.sums.copyBytes ?? 0;
  return (
    <>
      <p className={styles.intro}>{words.intro}</p>
      <SelectField
        label={words.mode}
        hint={words.modeHints[capture.mode]}
        value={capture.mode}
        options={(['on', 'rescue', 'off'] as const).map((value) => ({
          value,
          label: words.modeOptions[value],
        }))}
        onChange={(mode) => editor.change({ capture: { mode } })}
      />
      <SavedField
        label={words.quiet}
        hint={words.quietHint}
        type="number"
        min={1}
        max={MOST_MINUTES}
        value={String(capture.quietMinutes)}
        error={editor.errors['capture.quietMinutes'] ?? null}
        onSave={(text) => editor.change({ capture: { quietMinutes: wholeNumber(text, MOST_MINUTES) } })}
      />
      <SavedField
        label={words.limit}
        hint={words.limitHint(formatBytes(used))}
        type="number"
        min={1}
        max={MOST_GIGABYTES}
        value={String(capture.diskLimit)}
        error={editor.errors['capture.diskLimit'] ?? null}
        onSave={(text) => editor.change({ capture: { diskLimit: wholeNumber(text, MOST_GIGABYTES) } })}
      />
      <Folders {...props} field="never" title={words.never} hint={words.neverHint} />
      <Folders {...props} field="roots" title={words.roots} hint={words.rootsHint} />
    </>
  );
}

function wholeNumber(text: string, most: number): number {
  return Math.max(1, Math.min(most, Math.round(Number(text)) || 1));
}

/** A setting that is a list of folders. */
function Folders(
  props: PageProps & { readonly field: 'never' | 'roots'; readonly title: string; readonly hint: string },
) {
  const { settings, editor, field, info } = props;
  const folders = settings.capture[field];
  const [typed, setTyped] = useState('');
  const pick = useAction('paths.pick');
  const save = (next: readonly string[]): void =>
    editor.change({ capture: { [field]: next } }, () => setTyped(''));
  const add = (path: string): void => {
    if (path.trim() !== '' && !folders.includes(path.trim())) save([...folders, path.trim()]);
  };
  const problem = Object.entries(editor.errors).find(([name]) => name.startsWith(`capture.${field}`))?.[1];
  return (
    <section className={styles.group} aria-label={props.title}>
      <h3>{props.title}</h3>
      <p className={styles.intro}>{props.hint}</p>
      <ul className={styles.paths}>
        {folders.map((path) => (
          <li key={path}>
            <div className={styles.path}>
              <Icon name="folder" />
              <code>{visibleLine(path)}</code>
              <IconButton
                icon="close"
                label={words.removeOne(visibleLine(path))}
                onClick={() => save(folders.filter((one) => one !== path))}
              />
            </div>
          </li>
        ))}
      </ul>
      {folders.length === 0 ? <p className={styles.intro}>{words.none}</p> : null}
      {info.capabilities.pickPaths ? (
        <div className={styles.buttons}>
          <Button
            icon="plus"
            busy={pick.isPending}
            onClick={() =>
              pick.mutate({ purpose: 'session-folder' }, { onSuccess: ({ path }) => add(path ?? '') })
            }
          >
            {words.add}
          </Button>
          {problem === undefined ? null : <p role="alert">{problem}</p>}
        </div>
      ) : (
        <TextField
          label={words.path}
          mono
          value={typed}
          error={problem ?? null}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add(typed);
          }}
          action={
            <Button icon="plus" disabled={typed.trim() === ''} onClick={() => add(typed)}>
              {words.addPath}
            </Button>
          }
        />
      )}
    </section>
  );
}
