import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { BY_HAND } from '../../../shared/domain/settings.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SettingsView } from '../../../shared/ipc/payloads.ts';
import { keyOf } from '../../data/ask.ts';
import { useAction } from '../../data/call.ts';
import { useStatus } from '../../data/use-status.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SelectField, SwitchField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useToast } from '../../ui/toaster.tsx';
import type { PageProps } from './page-props.ts';
import { SavedField } from './saved-field.tsx';
import styles from './settings-view.module.css';
import { useShownFailure } from '../../ui/remedy.tsx';

type Role = 'workspace' | 'vault';

const PACES = [15, 30, 60] as const;

/** Workspaces, the vault, when they are synced, and how git sync waits and compiles. */
export function WorkspacesPage(props: PageProps) {
  const { settings, editor } = props;
  const words = en.settings.workspaces;
  const number = (text: string): number => Math.max(0, Math.min(86_400, Math.round(Number(text)) || 0));
  return (
    <>
      <p className={styles.intro}>{words.intro}</p>
      <Trees {...props} kind="workspace" title={words.list} paths={settings.git.workspaces} />
      <AlsoListed paths={editor.view?.alsoListed ?? []} />
      <Trees
        {...props}
        kind="vault"
        title={words.vault}
        paths={settings.git.vault === '' ? [] : [settings.git.vault]}
        hint={words.vaultHint}
      />
      <NamedVaults />
      {settings.git.withSecrets.length === 0 ? null : (
        <SwitchField
          label={en.settings.secrets.askIfPublic}
          hint={en.settings.secrets.askIfPublicHint}
          checked={settings.git.askIfPublic}
          onChange={(askIfPublic) => editor.change({ git: { askIfPublic } })}
        />
      )}
      <SavedField
        label={words.lockWait}
        hint={words.lockWaitHint}
        type="number"
        min={0}
        max={86_400}
        value={String(settings.git.lockWaitSeconds)}
        error={editor.errors['git.lockWaitSeconds'] ?? null}
        onSave={(value) => editor.change({ git: { lockWaitSeconds: number(value) } })}
      />
      <SavedField
        label={words.wikiCommand}
        hint={words.wikiCommandHint}
        mono
        value={settings.git.wikiCommand}
        error={editor.errors['git.wikiCommand'] ?? null}
        onSave={(wikiCommand) => editor.change({ git: { wikiCommand } })}
      />
      <SavedField
        label={words.wikiTimeout}
        hint={words.wikiTimeoutHint}
        type="number"
        min={1}
        max={86_400}
        value={String(settings.git.wikiTimeoutSeconds)}
        error={editor.errors['git.wikiTimeoutSeconds'] ?? null}
        onSave={(value) => editor.change({ git: { wikiTimeoutSeconds: number(value) } })}
      />
    </>
  );
}

/** Workspaces that are only listed, because a log was saved or synced there: each can be registered, or listed no more. */
function AlsoListed({ paths }: { readonly paths: readonly string[] }) {
  const words = en.settings.workspaces;
  const trees = useTrees('workspace');
  const toast = useToast();
  const client = useQueryClient();
  const remove = useAction('workspaces.remove', {
    onDone: (view) => {
      client.setQueryData(keyOf('settings.get', {}), view);
      toast({ tone: 'success', title: words.listedNoMore });
    },
  });
  if (paths.length === 0) return null;
  return (
    <section className={styles.group}>
      <h3>{words.alsoListed}</h3>
      <p className={styles.intro}>{words.alsoListedHint}</p>
      <ul className={styles.paths}>
        {paths.map((path) => (
          <li key={path} aria-label={visibleLine(path)}>
            <div className={styles.path}>
              <Icon name="branch" />
              <code>{visibleLine(path)}</code>
              <Button size="small" icon="plus" busy={trees.busy} onClick={() => trees.addPath(path)}>
                {words.add}
              </Button>
              <IconButton
                icon="close"
                label={words.removeOne(visibleLine(path))}
                onClick={() => remove.mutate({ path, role: 'workspace' })}
              />
            </div>
          </li>
        ))}
      </ul>
      {trees.problem === null ? null : <p role="alert">{trees.problem}</p>}
    </section>
  );
}

/** Vaults named only in a workspace's identity.json, not in a setting. */
function NamedVaults() {
  const named = useStatus()?.workspaces.filter(({ namedBy }) => namedBy !== undefined) ?? [];
  return named.map(({ path, namedBy = '' }) => (
    <p key={path} className={styles.intro}>
      <code>{visibleLine(path)}</code> {en.sync.vaultOf(visibleLine(namedBy))}
    </p>
  ));
}

/** Whether a workspace's logs are committed with the secrets in them. A vault exists for them. */
function WithSecrets({ settings, editor, path }: PageProps & { readonly path: string }) {
  const { withSecrets } = settings.git;
  const others = withSecrets.filter((one) => one !== path);
  return (
    <SwitchField
      label={en.settings.secrets.withSecrets}
      hint={en.settings.secrets.withSecretsHint}
      checked={withSecrets.includes(path)}
      onChange={(on) => editor.change({ git: { withSecrets: on ? [...others, path] : others } })}
    />
  );
}

interface TreesProps extends PageProps {
  readonly kind: Role;
  readonly title: string;
  readonly hint?: string;
  readonly paths: readonly string[];
}

/** Adding and removing; both return the resulting settings. */
function useTrees(kind: Role) {
  const words = en.settings.workspaces;
  const toast = useToast();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const shown = useShownFailure();
  const answered = (title: string, takeBack: (path: string) => void) => ({
    onDone: (view: SettingsView, { path }: { readonly path: string }) => {
      client.setQueryData(keyOf('settings.get', {}), view);
      setTyped('');
      setProblem(null);
      toast({ tone: 'success', title, action: { label: en.settings.undo, run: () => takeBack(path) } });
    },
    onFailed: (error: AppError) => setProblem(shown(error).words),
  });
  const isVault = kind === 'vault';
  const add = useAction(
    'workspaces.add',
    answered(isVault ? words.vaultSet : words.added, (path) => removePath(path)),
  );
  const remove = useAction(
    'workspaces.remove',
    answered(isVault ? words.vaultRemoved : words.removed, (path) => addPath(path)),
  );
  const pick = useAction('paths.pick');
  const addPath = (path: string): void => {
    if (path.trim() !== '') add.mutate({ path: path.trim(), role: kind });
  };
  const removePath = (path: string): void => remove.mutate({ path, role: kind });
  return {
    typed,
    setTyped,
    problem,
    busy: add.isPending,
    addPath,
    removePath,
    pickPath: () => pick.mutate({ purpose: kind }, { onSuccess: ({ path }) => addPath(path ?? '') }),
  };
}

function Trees(props: TreesProps) {
  const { kind, paths, info } = props;
  const words = en.settings.workspaces;
  const trees = useTrees(kind);
  // There is at most one vault.
  const isFull = kind === 'vault' && paths.length > 0;
  return (
    <section className={styles.group}>
      <h3>{props.title}</h3>
      {props.hint === undefined ? null : <p className={styles.intro}>{props.hint}</p>}
      <ul className={styles.paths}>
        {paths.map((path) => (
          <li key={path} aria-label={visibleLine(path)}>
            <div className={styles.path}>
              <Icon name={kind === 'vault' ? 'lock' : 'branch'} />
              <code>{visibleLine(path)}</code>
              <IconButton
                icon="close"
                label={words.removeOne(visibleLine(path))}
                onClick={() => trees.removePath(path)}
              />
            </div>
            <WorkspaceSchedule {...props} path={path} />
            {kind === 'workspace' ? <WithSecrets {...props} path={path} /> : null}
          </li>
        ))}
      </ul>
      {paths.length === 0 && kind === 'workspace' ? <p className={styles.intro}>{words.none}</p> : null}
      {isFull ? null : <Addition kind={kind} trees={trees} canPick={info.capabilities.pickPaths} />}
    </section>
  );
}

/** What runs automatically in a workspace, and how often. */
function WorkspaceSchedule(props: PageProps & { readonly path: string }) {
  const { settings, editor, path } = props;
  const words = en.settings.workspaces;
  const schedule = settings.git.schedule[path] ?? BY_HAND;
  const change = (part: Partial<typeof schedule>): void =>
    editor.change({ git: { schedule: { ...settings.git.schedule, [path]: { ...schedule, ...part } } } });
  return (
    <div className={styles.pathSchedule}>
      <SelectField
        label={words.mode}
        hint={words.modeHints[schedule.mode]}
        value={schedule.mode}
        options={(['off', 'notes', 'logs'] as const).map((value) => ({ value, label: words.modes[value] }))}
        onChange={(mode) => change({ mode })}
      />
      {schedule.mode === 'off' ? null : (
        <SelectField
          label={words.every}
          value={String(schedule.minutes)}
          options={PACES.map((minutes) => ({
            value: String(minutes),
            label: words.everyMinutes(minutes),
          }))}
          onChange={(value) => change({ minutes: PACES.find((one) => String(one) === value) ?? 30 })}
        />
      )}
    </div>
  );
}

/** The system's dialog if there is one, else a path to type. */
function Addition(props: {
  readonly kind: Role;
  readonly trees: ReturnType<typeof useTrees>;
  readonly canPick: boolean;
}) {
  const { kind, trees } = props;
  const words = en.settings.workspaces;
  const label = kind === 'vault' ? words.setVault : words.add;
  if (props.canPick)
    return (
      <div className={styles.buttons}>
        <Button icon="plus" busy={trees.busy} onClick={trees.pickPath}>
          {label}
        </Button>
        {trees.problem === null ? null : <p role="alert">{trees.problem}</p>}
      </div>
    );
  return (
    <TextField
      label={kind === 'vault' ? words.vaultPath : words.path}
      hint={words.pathHint}
      mono
      value={trees.typed}
      error={trees.problem}
      onChange={(event) => trees.setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') trees.addPath(trees.typed);
      }}
      action={
        <Button
          icon="plus"
          busy={trees.busy}
          disabled={trees.typed.trim() === ''}
          onClick={() => trees.addPath(trees.typed)}
        >
          {label}
        </Button>
      }
    />
  );
}
