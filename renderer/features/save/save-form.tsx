import { useDeferredValue, useId, useRef, useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import { useCall } from '../../data/call.ts';
import { useClipboardText } from '../../data/use-clipboard-text.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/state.tsx';
import { chord } from '../../ui/state-words.ts';
import styles from './save-dialog.module.css';
import { SavePreviewBox } from './save-preview.tsx';

export type Draft = CallInput<'save.session'>;

/** The contract's limit. */
const LONGEST = 4 * 1024 * 1024;
const IN_DATA_FOLDER = '';
const words = en.save;

interface SaveFormProps {
  readonly draft: Draft;
  readonly workspaces: readonly string[];
  /** Why it could not be saved. */
  readonly error: AppError | null;
  readonly onChange: (part: Partial<Draft>) => void;
  /** Opens the page that sets the author. */
  readonly onAuthor: () => void;
}

/** Place, subject and text; below them what saving would do. */
export function SaveForm(props: SaveFormProps) {
  const { draft, workspaces, error, onChange } = props;
  const checked = useDeferredValue(draft);
  const home = draft.workspace === null ? 'dataFolder' : 'workspace';
  return (
    <div className={styles.form}>
      <SelectField
        label={words.where}
        hint={words.whereHint[home]}
        value={draft.workspace ?? IN_DATA_FOLDER}
        options={[
          ...workspaces.map((path) => ({ value: path, label: visibleLine(path) })),
          { value: IN_DATA_FOLDER, label: words.dataFolder },
        ]}
        onChange={(value) => onChange({ workspace: value === IN_DATA_FOLDER ? null : value })}
      />
      <TextField
        label={words.topic}
        hint={words.topicHint}
        maxLength={300}
        value={draft.topic}
        onChange={(event) => onChange({ topic: event.target.value })}
      />
      <Belonging scope={draft.scope} onScope={(scope) => onChange({ scope })} />
      <SessionText text={draft.text} onText={(text) => onChange({ text })} />
      {error === null ? (
        <SavePreviewBox draft={checked} onAuthor={props.onAuthor} />
      ) : (
        <Problem error={error} />
      )}
    </div>
  );
}

/** The project or client of the session, by an existing name or a new one. */
function Belonging(props: {
  readonly scope: Draft['scope'];
  readonly onScope: (scope: Draft['scope']) => void;
}) {
  const { scope, onScope } = props;
  const facets = useCall('logs.facets', {}).data;
  const id = useId();
  const known =
    (scope?.kind === 'client' ? facets?.clients : facets?.projects)?.map(({ value }) => value) ?? [];
  return (
    <div className={styles.belonging}>
      <SelectField
        label={words.belongs}
        hint={words.belongsHint}
        value={scope?.kind ?? 'none'}
        options={(['none', 'project', 'client'] as const).map((value) => ({
          value,
          label: words.belongsTo[value],
        }))}
        onChange={(kind) => onScope(kind === 'none' ? null : { kind, name: scope?.name ?? '' })}
      />
      {scope === null ? null : (
        <>
          <TextField
            label={words.names[scope.kind]}
            list={id}
            maxLength={200}
            value={scope.name}
            onChange={(event) => onScope({ ...scope, name: event.target.value })}
          />
          <datalist id={id}>
            {known.map((name) => (
              <option key={name} value={name}>
                {visibleLine(name)}
              </option>
            ))}
          </datalist>
        </>
      )}
    </div>
  );
}

/** The text, with two alternatives to typing it. */
function SessionText(props: { readonly text: string; readonly onText: (text: string) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const clipboard = useClipboardText();
  const take = (text: string): void => {
    setProblem(null);
    props.onText(text);
  };
  const paste = async (): Promise<void> => {
    const text = await clipboard();
    if (text === null) setProblem(words.pasteByKey(chord('V')));
    else if (text === '') setProblem(words.clipboardEmpty);
    else take(text);
  };
  const read = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const name = visibleLine(chosen.name);
    if (chosen.size > LONGEST) return setProblem(words.fileTooLong(name));
    try {
      take(new TextDecoder('utf-8', { fatal: true }).decode(await chosen.arrayBuffer()));
    } catch {
      setProblem(words.fileUnreadable(name));
    }
  };
  return (
    <div className={styles.text}>
      <TextAreaField
        label={words.text}
        hint={words.textHint}
        error={problem}
        rows={10}
        mono
        maxLength={LONGEST}
        value={props.text}
        onChange={(event) => take(event.target.value)}
      />
      <div className={styles.ways}>
        <Button icon="copy" onClick={() => void paste()}>
          {words.paste}
        </Button>
        <Button icon="logs" onClick={() => file.current?.click()}>
          {words.choose}
        </Button>
        <input
          ref={file}
          type="file"
          accept=".md,.markdown,.txt,text/markdown,text/plain"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={words.choose}
          onChange={(event) => {
            void read(event.target.files?.[0]);
            // Choosing the same file again, after it was changed, must work too.
            event.target.value = '';
          }}
        />
      </div>
    </div>
  );
}
