import { useState } from 'react';
import { authorProblem, proposeUser, type Author, type AuthorField } from '../../../shared/domain/author.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SetupView } from '../../../shared/ipc/setup.ts';
import { useSettings } from '../../data/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import styles from './welcome-view.module.css';

/** The author: git's values, confirmed or corrected by the person. */
export function WhoStep(props: {
  readonly setup: SetupView;
  readonly onBack: () => void;
  readonly onNext: () => void;
}) {
  const { setup } = props;
  const editor = useSettings();
  const [author, setAuthor] = useState<Author>(setup.author ?? setup.proposal);
  const [isTried, setTried] = useState(false);
  const words = en.welcome;
  const errorOf = (field: AuthorField): string | null => {
    const value = author[field].trim();
    if (isTried && value === '' && field !== 'email') return words.whoMissing;
    const said = editor.errors[`author.${field}`];
    return authorProblem(field, value) ?? said ?? null;
  };
  const submit = (): void => {
    setTried(true);
    const said = { name: author.name.trim(), user: author.user.trim(), email: author.email.trim() };
    const isGood = (['name', 'user', 'email'] as const).every(
      (field) => authorProblem(field, said[field]) === null,
    );
    if (isGood && said.name !== '' && said.user !== '') editor.change({ author: said }, props.onNext);
  };
  const rename = (name: string): void => {
    // The short name follows the full one until the person sets one of its own.
    const follows = author.user === '' || author.user === proposeUser(author.name);
    setAuthor({ ...author, name, ...(follows ? { user: proposeUser(name) } : {}) });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3>{words.whoTitle}</h3>
      <p>{words.whoBody}</p>
      {setup.author === null && setup.proposal.name !== '' ? <p>{words.whoFromGit}</p> : null}
      <TextField
        label={words.name}
        value={author.name}
        error={errorOf('name')}
        autoComplete="name"
        onChange={(event) => rename(event.target.value)}
      />
      <TextField
        label={words.user}
        hint={words.userHint}
        value={author.user}
        error={errorOf('user')}
        mono
        onChange={(event) => setAuthor({ ...author, user: event.target.value })}
      />
      <TextField
        label={words.email}
        hint={words.emailHint}
        value={author.email}
        error={errorOf('email')}
        autoComplete="email"
        onChange={(event) => setAuthor({ ...author, email: event.target.value })}
      />
      <p>{words.whoNote}</p>
      {editor.errors[''] === undefined ? null : <p role="alert">{editor.errors['']}</p>}
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{words.back}</Button>
        <Button onClick={props.onNext}>{words.later}</Button>
        <Button type="submit" tone="primary" busy={editor.saving}>
          {words.next}
        </Button>
      </div>
    </form>
  );
}
